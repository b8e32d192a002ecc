// What is told of an error beside its kind, with `performance`: which resource failed; of a script's fault, or of a rejection
// that nothing handled, message and place without the data in them.

import type { Draft } from './draft.ts'
import { guard } from './guard.ts'
import { emit, plainUrl } from './lent.ts'
import type { Failure } from './parts.ts'

/** Faults that were told, since what was scrubbed made two of them one. */
const told: string[] = []

export const describe = guard((error: Draft & { type: 'error' }, key: string, failure: Failure): void => {
  if (error.kind === 'resource') emit({ ...error, tag: tagOf(failure), url: plainUrl(key) })
  else describeFault(error, failure)
})

const tagOf = ({ target, initiatorType }: Failure): string | undefined => {
  return target instanceof Element ? target.localName : initiatorType
}

/** Of another origin's script a browser says “Script error.” and no more. A rejection has no place. */
const describeFault = (event: Draft & { type: 'error' }, failure: Failure): void => {
  const { error, reason, message, filename, lineno } = failure
  // Quoted texts, addresses and numbers are data: `Can't read 7 of "John Smith" → Can't read * of *`.
  const data = /(\B'|["`“]).*?(\1\B|”|$)|[^\s'"`]*[@/\d][^\s'"`]*/gs
  const text = String(error ?? reason ?? message)
    .slice(0, LIMIT.messageMax)
    .replace(data, '*')
  const key = text + filename + lineno
  if (told.includes(key)) return
  told.push(key)
  const file = filename ? plainUrl(filename) : undefined
  emit({ ...event, message: text, file, line: lineno || undefined })
}
