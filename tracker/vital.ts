// LCP, CLS, INP, FCP and TTFB: measured by a file of their own that is loaded once the page rests, told with everything else
// when the page is hidden or left. They are of the whole document, so of the page with which it began, whatever routes follow.

import { allowed, consent, granted } from './gate.ts'
import { guard, later, onStop } from './guard.ts'
import { load } from './load_sibling.ts'
import { emit } from './page.ts'
import type { Restart } from './pageview.ts'
import type { Parts, Vitals } from './parts.ts'
import { whenLoaded } from './when_loaded.ts'

let vitals: Vitals | undefined
/** Of the page that is measured. */
let tell: typeof emit

export const startVitals = (restart?: Restart): void => {
  // What was measured before a choice is not told after it.
  if (restart === 'consent' || !allowed(PURPOSE_OF.vital)) {
    vitals?.stop()
    return
  }
  tell = emit
  // Also at pagehide, but then this waits until the page is back, and is a page that goes on.
  onStop(() => later(() => consent || vitals?.stop(), 0))
  if (restart) return
  const given = consent
  const use = (part: Parts['vitals']): void => {
    if (given === consent) vitals = part.measure()
  }
  whenLoaded(() => {
    // Safari has no idle callback, and reads this as a timer without delay. Pages that never rest are measured too.
    const whenIdle = window.requestIdleCallback ?? (setTimeout as unknown as typeof requestIdleCallback)
    whenIdle(
      guard(() => given === consent && load('vitals', use)),
      { timeout: 5000 },
    )
  })
}

/** What has changed since it was last told. */
export const reportVitals = (): void => {
  vitals?.take(granted(PURPOSE_OF.vital)).forEach(tell)
}
