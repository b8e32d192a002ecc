// When an event was, on whose day, by whom and on which page: the columns that place a row. The order matters: the day
// chooses the key, and the key makes the ids.

import type { Event } from '../../../contract/events.ts'
import { limits } from '../../../contract/limits.ts'
import { type MomentCells, noIdentity } from '../cells.ts'
import { localTime } from '../local_time.ts'
import type { Context, PageDraft } from './context.ts'
import { dayContext } from './day_context.ts'
import type { Visitor } from './first_party_visitor.ts'
import { pageHash } from './page_hash.ts'

const minuteMs = 60_000

export function putMoment(
  event: Event,
  page: PageDraft,
  visitor: Visitor | undefined,
  context: Context,
): MomentCells {
  const instant = eventTime(event.at, context.permitted.batch.sent, context.permitted.receivedAt)
  const { day, hour } = localTime(context.permitted.site.timezone, instant)
  const dayOf = dayContext(day, visitor, context)
  return {
    day,
    hour,
    time: timeCell(instant, hour, context),
    expires: dayOf.expires,
    type: event.type,
    visitor: dayOf.visitor,
    identity: visitor === undefined ? noIdentity : visitor.identity,
    page: pageHash(page, day, dayOf.key, context),
    seq: event.seq,
  }
}

/**
 * The server's time of an event, Unix milliseconds. The page's clock tells only how long before sending it was, so a
 * wrong clock does no harm; an event is never later than its receipt, and never older than three days.
 */
export function eventTime(at: number, sent: number, receivedAt: number): number {
  const instant = Math.round(receivedAt - (sent - at))
  return Math.min(Math.max(instant, receivedAt - limits.eventAgeMsMax), receivedAt)
}

/** Unix seconds with three decimals, which ClickHouse reads fastest. Without a cell, a row knows its local hour only. */
function timeCell(instant: number, hour: number, { gate }: Context): string {
  if (gate.time === 'nothing') return `${hour}.000`
  const kept = gate.time === 'granted' ? instant : instant - (instant % minuteMs)
  return `${Math.floor(kept / 1000)}.${String(kept % 1000).padStart(3, '0')}`
}
