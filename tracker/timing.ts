// The phases of the navigation: milliseconds, before consent the lower edge of their bucket.

import { durationEdgesMs } from '../contract/steps.ts'
import type { Draft } from './draft.ts'
import { lowerEdge } from './lower_edge.ts'

/** Nothing in a browser that does not tell, or not of this page; of a page that has not loaded only if `isAnyway`. */
export const timing = (isExact: boolean, isAnyway: boolean): Draft[] => {
  const [entry] = performance.getEntriesByType('navigation') as PerformanceNavigationTiming[]
  if (!entry?.responseStart || !(entry.loadEventEnd || isAnyway)) return []
  const span = (from: number, to: number) => {
    const ms = Math.round(Math.max(0, to - from))
    return isExact ? ms : lowerEdge(durationEdgesMs, ms)
  }
  // A prerendered page was waited for only since it was shown.
  const { activationStart = 0, connectEnd, responseStart, transferSize } = entry
  return [
    {
      type: 'timing',
      redirect: span(entry.redirectStart, entry.redirectEnd),
      dns: span(entry.domainLookupStart, entry.domainLookupEnd),
      connect: span(entry.connectStart, connectEnd),
      tls: span(entry.secureConnectionStart || connectEnd, connectEnd),
      request: span(entry.requestStart, responseStart),
      response: span(responseStart, entry.responseEnd),
      ttfb: span(activationStart, responseStart),
      interactive: span(activationStart, entry.domInteractive),
      dcl: span(activationStart, entry.domContentLoadedEventEnd),
      load: span(activationStart, entry.loadEventEnd),
      // Before consent a power of two: an exact size can tell one version of a personal page from another.
      bytes: isExact ? transferSize : transferSize && 2 ** (Math.log2(transferSize) | 0),
      protocol: entry.nextHopProtocol,
    },
  ]
}
