// What all events of one local day share. The key is chosen by the event's day, not by the day of receipt: a visitor who
// is offline over midnight stays the same visitor for both days' reports.

import { addDays } from '../local_time.ts'
import { notice } from '../tally.ts'
import type { Context, DayContext } from './context.ts'
import type { Visitor } from './first_party_visitor.ts'

/** Raw rows live at least so long, or a day could not be folded again when something arrives late. */
const retentionDaysMin = 7

/** The first day on which rows of this day are gone. */
export function expiryOf(day: string, retentionDays: number): string {
  return addDays(day, Math.max(retentionDays, retentionDaysMin))
}

export function dayContext(day: string, visitor: Visitor | undefined, context: Context): DayContext {
  if (context.day?.day === day) return context.day
  const { lookups, permitted, tally } = context
  const key = lookups.dayKey(permitted.site.timezone, day)
  if (key === undefined) notice(tally, 'no_day_key')
  const { exemptDays, grantedDays } = permitted.site.retention
  const expires = expiryOf(day, permitted.level === 'granted' ? grantedDays : exemptDays)
  const made = { day, key, visitor: visitorCell(key, visitor, context), expires }
  context.day = made
  return made
}

/** A first-party id or an id of the day, never both; 0 where there is neither. */
function visitorCell(key: Buffer | undefined, visitor: Visitor | undefined, context: Context): string {
  if (visitor !== undefined) return String(visitor.number)
  const { client, gate, permitted, tally } = context
  // In strict mode the id of the day is not there as a fallback: what was not granted is not kept.
  const isKept = gate.visitor === 'exempt' || (gate.visitor === 'granted' && permitted.site.mode === 'exempt')
  if (!isKept || key === undefined) return '0'
  const id = client.dailyId(permitted.site.id, key)
  if (id === 0) notice(tally, 'no_address')
  return String(id)
}
