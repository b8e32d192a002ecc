// Received ▸ Permitted: runs the permit steps. The only place where a Permitted is made.

import type { Lookups, Permitted, Received } from '../stages.ts'
import type { Tally } from '../tally.ts'
import { type PermitStep, startDraft } from './draft.ts'

/** undefined when nothing of the batch may be kept; what was dropped, and why, is in the tally. */
export function permit(
  received: Received,
  lookups: Lookups,
  tally: Tally,
  steps: readonly PermitStep[],
): Permitted | undefined {
  const draft = startDraft(received, tally)
  for (const step of steps) step(draft, lookups)
  if (draft.events.length === 0) return undefined
  const { batch, channel, dnt, gpc, objected, receivedAt, site, userAgent } = received
  const { events, level, pages, purposes } = draft
  // Written out, as a spread of an object of that size costs a microsecond here.
  return {
    site,
    batch,
    channel,
    gpc,
    dnt,
    objected,
    userAgent,
    receivedAt,
    level,
    purposes,
    events,
    pages,
  } as Permitted
}
