// How long the page took and its vitals: measured by a file of their own that is loaded when the page first rests.
// They are of the whole document, so of the page with which it began, whatever routes follow.

import { allowed, consent, granted } from './gate.ts'
import { guard, later, onStop } from './guard.ts'
import { load } from './load_sibling.ts'
import { emit } from './page.ts'
import type { Restart } from './pageview.ts'
import type { Parts } from './parts.ts'

let vitals: Parts['vitals'] | undefined
/** Of the page that is measured. */
let tell: typeof emit

export const startVitals = (restart?: Restart): void => {
  // What was measured before a choice is not told after it.
  if (restart === 'consent' || !allowed(PURPOSE_OF.timing | PURPOSE_OF.vital)) {
    vitals?.stop()
    return
  }
  tell = emit
  // Also at pagehide, but then this waits until the page is back, and is a page that goes on.
  onStop(() => later(() => consent || vitals?.stop(), 0))
  if (restart) return
  const given = consent
  const use = (part: Parts['vitals']): void => {
    if (given !== consent) return
    vitals = part
    reportVitals()
  }
  // Safari has no idle callback, and reads this as a timer without delay. Pages that never rest are measured too.
  const whenIdle = window.requestIdleCallback ?? (setTimeout as unknown as typeof requestIdleCallback)
  whenIdle(
    guard(() => given === consent && load('vitals', use)),
    { timeout: 5000 },
  )
}

/** What is new since it was last told. */
export const reportVitals = (): void => {
  vitals?.take(allowed, granted).forEach(tell)
}
