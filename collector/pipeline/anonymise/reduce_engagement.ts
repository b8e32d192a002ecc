// Increments of engaged and visible time, and of scroll depth. Before consent they come in steps that the tracker has
// already made; coarsening again changes nothing then, and holds a tracker that did not.

import type { EngagementEvent } from '../../../contract/events.ts'
import { engagementStepMs, scrollQuartiles } from '../../../contract/steps.ts'
import type { CellsOf } from '../cells.ts'
import type { GateCell } from '../gate.ts'
import type { Context } from './context.ts'

export function reduceEngagement(event: EngagementEvent, { gate }: Context): CellsOf<'engagement'> {
  const [scroll_from, scroll_to] = scrollCells(event.scroll, gate.scroll)
  return {
    active_ms: durationCell(event.activeMs, gate.engagement),
    visible_ms: durationCell(event.visibleMs, gate.engagement),
    scroll_from,
    scroll_to,
  }
}

function durationCell(ms: number | undefined, cell: GateCell): number {
  if (ms === undefined || cell === 'nothing') return 0
  return cell === 'granted' ? Math.round(ms) : ms - (ms % engagementStepMs)
}

/**
 * Quartiles newly completed: `[2, 4] → [1, 3]`, the first quarter, because the second ends at decile 5, which a later
 * increment brings. So each quarter is counted once, however the deciles came.
 */
function scrollCells(
  scroll: readonly [number, number] | undefined,
  cell: GateCell,
): readonly [number, number] {
  if (scroll === undefined || cell === 'nothing') return [0, 0]
  const [first, last] = scroll
  if (cell === 'granted') return [first, last]
  let from = 0
  let to = 0
  let startOfQuarter = 1
  for (const end of scrollQuartiles) {
    if (end >= first && end <= last) {
      if (from === 0) from = startOfQuarter
      to = end
    }
    startOfQuarter = end + 1
  }
  return [from, to]
}
