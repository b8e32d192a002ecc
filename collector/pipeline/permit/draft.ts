// A batch on its way through the permit steps. Each step looks at it, takes events out or settles the level, and counts
// what it took; what is left at the end is Permitted. Nothing of a draft leaves this room.

import type { DropReason } from '../../../contract/drop_reasons.ts'
import type { Event } from '../../../contract/events.ts'
import type { PurposeSet } from '../../../contract/purposes.ts'
import type { OwnPage } from '../scrub/own_page.ts'
import type { Lookups, Received } from '../stages.ts'
import { countDrops, type Tally } from '../tally.ts'

export type Draft = {
  readonly received: Received
  readonly tally: Tally
  /** Exempt without purposes until the consent step has settled it: nothing is granted by default. */
  level: 'exempt' | 'granted'
  purposes: PurposeSet
  events: readonly Event[]
  /** The batch's pages by their index; undefined for one that is not the site's own. */
  pages: readonly (OwnPage | undefined)[]
}

export type PermitStep = (draft: Draft, lookups: Lookups) => void

export function startDraft(received: Received, tally: Tally): Draft {
  return { received, tally, level: 'exempt', purposes: 0, events: received.batch.events, pages: [] }
}

/** Drops every event that is still there. */
export function dropAll(draft: Draft, reason: DropReason): void {
  countDrops(draft.tally, reason, draft.events.length)
  draft.events = []
}

/** Keeps the events of which the claim is true; the array is only copied when something goes. */
export function keepOnly(draft: Draft, reason: DropReason, isKept: (event: Event) => boolean): void {
  if (draft.events.every(isKept)) return
  const kept = draft.events.filter(isKept)
  countDrops(draft.tally, reason, draft.events.length - kept.length)
  draft.events = kept
}
