// What a batch loses on its way, counted by reason, and what else is worth a count. Loss is data here, never an error.

import type { DropCounts, DropReason } from '../../contract/drop_reasons.ts'
import type { Notice } from './stages.ts'

export type Tally = {
  readonly dropped: DropCounts
  /** Each at most once a batch. */
  readonly notices: Notice[]
}

export function createTally(): Tally {
  return { dropped: {}, notices: [] }
}

export function countDrops(tally: Tally, reason: DropReason, events: number): void {
  if (events > 0) tally.dropped[reason] = (tally.dropped[reason] ?? 0) + events
}

export function notice(tally: Tally, what: Notice): void {
  if (!tally.notices.includes(what)) tally.notices.push(what)
}
