// The phases of the navigation, once the page has loaded: milliseconds, before consent the lower edge of their bucket.

import { bucketOf, durationEdgesMs } from '../contract/steps.ts'
import { allowed, granted } from './gate.ts'
import { later, listen } from './guard.ts'
import { emit } from './page.ts'
import { navigationTiming } from './pageview.ts'

export function startTiming(): void {
  if (!allowed(PURPOSE_OF.timing)) return
  // loadEventEnd is known only after the load event's listeners.
  const soon = () => later(reportTiming, 0)
  if (document.readyState === 'complete') soon()
  else listen(window, 'load', soon)
}

function reportTiming(): void {
  const timing = navigationTiming()
  if (!timing?.responseStart || !timing.loadEventEnd) return
  const isExact = granted(PURPOSE_OF.timing)
  const phase = (from: number, to: number) => {
    const ms = Math.round(Math.max(0, to - from))
    return isExact ? ms : bucketOf(durationEdgesMs, ms)
  }
  // A prerendered page was waited for only since it was shown.
  const start = timing.activationStart ?? 0
  const { connectEnd, secureConnectionStart, requestStart, responseStart } = timing
  emit({
    type: 'timing',
    redirect: phase(timing.redirectStart, timing.redirectEnd),
    dns: phase(timing.domainLookupStart, timing.domainLookupEnd),
    connect: phase(timing.connectStart, connectEnd),
    tls: phase(secureConnectionStart || connectEnd, connectEnd),
    request: phase(requestStart, responseStart),
    response: phase(responseStart, timing.responseEnd),
    ttfb: phase(start, responseStart),
    interactive: phase(start, timing.domInteractive),
    dcl: phase(start, timing.domContentLoadedEventEnd),
    load: phase(start, timing.loadEventEnd),
    bytes: isExact ? timing.transferSize : undefined,
    protocol: isExact ? timing.nextHopProtocol : undefined,
  })
}
