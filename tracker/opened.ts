// What a grant opens is a file of its own, lightfoot.granted.js. Here the rest of the tracker meets it.

import { plainUrl } from './address.ts'
import { granted } from './gate.ts'
import { onStop, unlessStopped } from './guard.ts'
import { load } from './load_sibling.ts'
import type { Loan, Parts } from './parts.ts'

/** Once it is there, and for this page only. */
export let opened: Parts['granted'] | undefined
let opening: Promise<Parts['granted'] | undefined> | undefined

export const open = (emit: Loan['emit']): void => {
  const purposes = PURPOSE_OF.click | PURPOSE_OF.hover | PURPOSE_OF.form | PURPOSE_OF.view | PURPOSE_OF.error
  if (!granted(purposes)) return
  const use = unlessStopped((part: Parts['granted']) => {
    opened = part
    onStop(() => {
      part.stop()
      opened = undefined
    })
    part.start({ granted, emit, plainUrl })
    return part
  })
  opening = load('granted', use)
}

/** For what comes while a page loads: it waits for the part. */
export const whenOpened = (use: (part: Parts['granted']) => void): void => {
  opening?.then(part => part && use(part))
}
