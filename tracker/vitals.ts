// lightfoot.vitals.js: the navigation's phases, told once, and the Core Web Vitals as the package `web-vitals` measures them, each
// at its latest value, because the tracker tells of them when the page is hidden or left, and hears of that before the
// package does.

import { onCLS } from 'web-vitals/onCLS.js'
import { onFCP } from 'web-vitals/onFCP.js'
import { onINP } from 'web-vitals/onINP.js'
import { onLCP } from 'web-vitals/onLCP.js'
import { onTTFB } from 'web-vitals/onTTFB.js'
import type { VitalEvent } from '../contract/events.ts'
import { durationEdgesMs, shiftEdges } from '../contract/steps.ts'
import type { Draft } from './draft.ts'
import { lowerEdge } from './lower_edge.ts'
import type { Parts } from './parts.ts'
import { addEventListener, flush, stopping } from './stoppable.ts'
import { timing } from './timing.ts'

const latest = new Map<VitalEvent['name'], number>()
const told = new Map<VitalEvent['name'], number>()
let isStarted = false
let isTimed = false

/** The first time it starts to measure, and tells the phases if the page has loaded; else they are told next time, as they are. */
export const take: Parts['vitals']['take'] = (allowed, granted) => {
  if (stopping.signal.aborted) return []
  const phases = !isTimed && allowed(PURPOSE_OF.timing) ? timing(granted(PURPOSE_OF.timing), isStarted) : []
  isTimed ||= phases.length > 0
  if (!allowed(PURPOSE_OF.vital)) stop()
  else if (isStarted) {
    flush()
    phases.push(...takeChanged(granted(PURPOSE_OF.vital)))
  } else measure()
  isStarted = true
  return phases
}

export const stop = (): void => stopping.abort()

const measure = (): void => {
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
}

const takeChanged = (isExact: boolean): Draft[] => {
  const changed: Draft[] = []
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
