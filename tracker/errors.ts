// lightfoot.errors.js: what is told of failed resources and of faults. Before consent their kind, and the class of a status;
// with `performance` which resource, and of a fault its message and place without the data in them.

import type { Draft } from './draft.ts'
import { guard } from './guard.ts'
import type { ErrorsPart, Failure } from './parts.ts'

type ErrorDraft = Draft & { type: 'error' }
type PlainUrl = (url: string) => string | undefined

/** Of this document, by what tells one from another. */
const seen: string[] = []

export const report: ErrorsPart['report'] = guard(
  (failure, url, isExact, emit, plainUrl, sentStatus): void => {
    // A page that is broken altogether is told of as well by its first faults.
    const errorsMax = 20
    const { target, initiatorType } = failure
    const tag = target instanceof Element ? target.localName : initiatorType
    const found = tag ? resource(failure, tag, url) : fault(failure)
    if (!found || seen.includes(found.key) || seen.length >= errorsMax) return
    seen.push(found.key)
    const { kind } = found
    const event = { type: 'error', kind, status: sentStatus(found.status) } as const
    emit(isExact ? { ...event, ...found.more(plainUrl) } : event)
  },
)

type Found = {
  key: string
  kind: ErrorDraft['kind']
  status?: number | undefined
  more(plainUrl: PlainUrl): Partial<ErrorDraft>
}

const resource = (failure: Failure, tag: string, url: string): Found | undefined => {
  // What a page makes up is none, what no server was asked for neither; and what scripts fetch is their own matter.
  if (failure.isTrusted === false || !/^http/.test(url) || /fetch|http|beacon/.test(tag)) return undefined
  const [entry] = performance.getEntriesByName(url) as PerformanceResourceTiming[]
  const status = failure.responseStatus ?? entry?.responseStatus
  return { key: url, kind: 'resource', status, more: plainUrl => ({ tag, url: plainUrl(url) }) }
}

/**
 * A script's error, or a rejection that nothing handled, which has no place. Of another origin's script a browser says
 * “Script error.” and no more.
 */
const fault = (failure: Failure): Found | undefined => {
  const { isTrusted, error, reason, message, filename = '', lineno = 0 } = failure
  // An extension's is not the site's. WebKit trusts no event of a rejection.
  if (!(isTrusted || 'reason' in failure) || !/^(http|$)/.test(filename)) return undefined
  // Quoted texts, addresses and numbers are data: `Can't read 7 of "John Smith" → Can't read * of *`.
  const data = /(\B'|["`“]).*?(\1\B|”|$)|[^\s'"`]*[@/\d][^\s'"`]*/gs
  const text = String(error ?? reason ?? message)
    .slice(0, LIMIT.messageMax)
    .replace(data, '*')
  const place = (plainUrl: PlainUrl) => (filename ? { file: plainUrl(filename) } : {})
  const line = lineno ? { line: lineno } : {}
  return {
    key: text + filename + lineno,
    kind: 'script',
    more: plainUrl => ({ message: text, ...place(plainUrl), ...line }),
  }
}
