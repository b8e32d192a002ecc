// Robots are no visitors. Only those that say so in their user agent are known; the rest is for the reports to show.

import type { Lookups } from '../stages.ts'
import { type Draft, dropAll } from './draft.ts'

export function dropBots(draft: Draft, lookups: Lookups): void {
  if (draft.events.length > 0 && lookups.parseAgent(draft.received.userAgent).isBot) dropAll(draft, 'bot')
}
