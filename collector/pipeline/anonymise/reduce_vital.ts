// One Core Web Vital; before consent the lower edge of its bucket.

import type { VitalEvent } from '../../../contract/events.ts'
import { bucketOf, durationEdgesMs, shiftEdges } from '../../../contract/steps.ts'
import type { CellsOf } from '../cells.ts'
import type { Context } from './context.ts'

export function reduceVital(event: VitalEvent, { gate }: Context): CellsOf<'vital'> {
  if (gate.vital === 'nothing') return { name: '', value: 0 }
  const edges = event.name === 'CLS' ? shiftEdges : durationEdgesMs
  return { name: event.name, value: gate.vital === 'granted' ? event.value : bucketOf(edges, event.value) }
}
