// What a grant opens is a file of its own, lightfoot.granted.js. Here the rest of the tracker meets it.

import type { Lightfoot } from './api.ts'
import { consent, granted } from './gate.ts'
import { onStop } from './guard.ts'
import { load } from './load_sibling.ts'
import type { Loan, Parts } from './parts.ts'

/** Once it is there, and for this page only. */
export let opened: Parts['granted'] | undefined
let opening: Promise<Parts['granted'] | undefined> | undefined

export const open = (emit: Loan['emit']): void => {
  if (!granted(PURPOSE_OF.click | PURPOSE_OF.hover | PURPOSE_OF.form | PURPOSE_OF.view)) return
  const given = consent
  opening = load('granted', part => {
    // It may come too late, for another page or for none.
    if (given !== consent) return undefined
    opened = part
    onStop(() => {
      part.stop()
      opened = undefined
    })
    part.start({ granted, emit })
    return part
  })
}

/** Pages call it while they load: what comes before the part waits for it. */
export const view: Lightfoot['view'] = (...values) => {
  opening?.then(part => part?.view(...values))
}
