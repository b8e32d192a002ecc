// The phases of the navigation, once the page has loaded or is left: milliseconds, before consent the lower edge of their
// bucket.

import { durationEdgesMs } from '../contract/steps.ts'
import { allowed, granted } from './gate.ts'
import { listen } from './guard.ts'
import { lowerEdge } from './lower_edge.ts'
import { emit } from './page.ts'
import { navigationTiming, type Restart } from './pageview.ts'
import { whenLoaded } from './when_loaded.ts'

let isTold: boolean

/** With a `restart` nothing from before is told. */
export const startTiming = (restart?: Restart): void => {
  isTold = !!restart || !allowed(PURPOSE_OF.timing)
  whenLoaded(reportTiming)
  // Who does not wait for a slow page leaves before that: what is not reached by then is 0.
  listen('pagehide', reportTiming)
}

const reportTiming = (): void => {
  const timing = navigationTiming()
  if (isTold || !timing?.responseStart) return
  isTold = true
  const isExact = granted(PURPOSE_OF.timing)
  const span = (from: number, to: number) => {
    const ms = Math.round(Math.max(0, to - from))
    return isExact ? ms : lowerEdge(durationEdgesMs, ms)
  }
  // A prerendered page was waited for only since it was shown.
  const { activationStart = 0, connectEnd, transferSize } = timing
  emit({
    type: 'timing',
    redirect: span(timing.redirectStart, timing.redirectEnd),
    dns: span(timing.domainLookupStart, timing.domainLookupEnd),
    connect: span(timing.connectStart, connectEnd),
    tls: span(timing.secureConnectionStart || connectEnd, connectEnd),
    request: span(timing.requestStart, timing.responseStart),
    response: span(timing.responseStart, timing.responseEnd),
    ttfb: span(activationStart, timing.responseStart),
    interactive: span(activationStart, timing.domInteractive),
    dcl: span(activationStart, timing.domContentLoadedEventEnd),
    load: span(activationStart, timing.loadEventEnd),
    // Before consent a power of two: an exact size can tell one version of a personal page from another.
    bytes: isExact ? transferSize : transferSize && 2 ** (Math.log2(transferSize) | 0),
    protocol: timing.nextHopProtocol,
  })
}
