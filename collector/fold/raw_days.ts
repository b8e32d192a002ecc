// What the fold asks of the raw rows: which days there are, how many rows, and whether a day is still whole.

import { utcDay } from '../pipeline/day.ts'
import type { Store } from '../store/store.ts'

const dayMs = 24 * 3600 * 1000

export type RawDay = {
  readonly rows: number
  /** Of them: rows of visitors who have no id, and of those who have a first-party id. */
  readonly withoutVisitor: number
  readonly identities: number
  readonly isWhole: boolean
}

/** Newest first: people look at today before they look at last week. */
export async function listRawDays(store: Store): Promise<string[]> {
  const rows = await store.query<{ day: string }>('select distinct day from events order by day desc')
  return rows.map(row => row.day)
}

/**
 * A day can be folded only while all its raw rows are there. The first expiry is known from the rows, and from the last fold
 * for those that are gone. A day of margin: the database deletes by its own clock and time zone.
 */
export async function lookAtDay(store: Store, day: string, now: number): Promise<RawDay> {
  type Found = { rows: string; nobody: string; named: string; known: string; first: string }
  const [found] = await store.query<Found>(
    `select countIf(is_raw)                                    as rows,
            countIf(is_raw and visitor = 0)                    as nobody,
            countIf(is_raw and visitor >= 9223372036854775808) as named,
            count()                                            as known,
            min(first_expires)                                 as first
     from (
       select expires as first_expires, visitor, true as is_raw from events where day = {day:Date}
       union all
       select raw_expires as first_expires, 0 as visitor, false as is_raw from rollup_totals where day = {day:Date}
     )`,
    { day },
  )
  const tomorrow = utcDay(now + dayMs)
  return {
    rows: Number(found?.rows ?? 0),
    withoutVisitor: Number(found?.nobody ?? 0),
    identities: Number(found?.named ?? 0),
    isWhole: found === undefined || found.known === '0' || found.first > tomorrow,
  }
}

/** Rows of a day that came with this load. */
export async function countLateRows(store: Store, day: string, load: number): Promise<number> {
  const [found] = await store.query<{ n: string }>(
    'select count() as n from events where day = {day:Date} and load = {load:UInt64}',
    { day, load },
  )
  return Number(found?.n ?? 0)
}

/** No raw row is kept for less than 7 days, so a younger day need not be looked at before it is marked. */
export function isOldDay(day: string, now: number): boolean {
  return now - Date.parse(`${day}T00:00:00Z`) > 5 * dayMs
}
