// lightfoot.vitals.js: the Core Web Vitals as the package `web-vitals` measures them, each at its latest value, because the
// tracker tells of them when the page is hidden or left, and hears of that before the package does.

import { onCLS, onFCP, onINP, onLCP, onTTFB } from 'web-vitals'
import type { VitalEvent } from '../contract/events.ts'
import { durationEdgesMs, shiftEdges } from '../contract/steps.ts'
import { lowerEdge } from './lower_edge.ts'
import type { Vital, Vitals } from './parts.ts'
import { addEventListener, stopping } from './stoppable.ts'

type Figures = Map<VitalEvent['name'], number>

export const measure = (): Vitals => {
  const latest: Figures = new Map()
  const told: Figures = new Map()
  // A document that comes back from the back/forward cache is a page of its own. Added before the package's own
  // listener, which has a TTFB of 0 for that page at once.
  addEventListener('pageshow', event => {
    if (!(event as PageTransitionEvent).persisted) return
    latest.clear()
    told.clear()
  })
  for (const on of [onTTFB, onFCP, onLCP, onCLS, onINP]) {
    on(({ name, value }) => latest.set(name, value), { reportAllChanges: true })
  }
  return {
    take: isExact => (stopping.signal.aborted ? [] : takeChanged(latest, told, isExact)),
    stop: () => stopping.abort(),
  }
}

const takeChanged = (latest: Figures, told: Figures, isExact: boolean): Vital[] => {
  const changed: Vital[] = []
  for (const [name, figure] of latest) {
    const value = isExact
      ? exact(name, figure)
      : lowerEdge(name === 'CLS' ? shiftEdges : durationEdgesMs, figure)
    if (value === undefined || value === told.get(name)) continue
    told.set(name, value)
    changed.push({ type: 'vital', name, value })
  }
  return changed
}

/** Milliseconds; layout shift to four places. An interaction may have lasted for as long as the machine slept. */
const exact = (name: VitalEvent['name'], figure: number): number => {
  return Math.min(Number(figure.toFixed(name === 'CLS' ? 4 : 0)), LIMIT.durationMsMax)
}
