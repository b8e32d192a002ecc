// Events that came more than once: a retry that reached another collector, an adopted spool. They are found before a day is
// folded, and the fold then reads every other row as it is, and of each of these the one that is kept.

import type { Store } from '../store/store.ts'
import { type Slice, sliceCondition } from './slices.ts'

/** Pages that are looked at in one piece: 40 bytes each, so that a day of any size stays within some 100 MB. */
const rowsOfPiece = 4_000_000

type Day = { readonly store: Store; readonly day: string; readonly settings: string }

/**
 * One line in `fold_repeats` for each event that came more than once and each visitor whom a copy names: a retry may arrive
 * from another address and so under another id. The greatest is kept, it is the most that is known.
 *
 * Pages are sifted by a set of bits, one for each `seq`, against a count: one look a page instead of one an event (0.1 s
 * of CPU for 1 M rows instead of 0.5). What remains, repeats and pages of more than 64 events, is counted in full.
 */
export async function* findRepeats({ store, day, settings }: Day, rows: number): AsyncGenerator<void> {
  const pieces = Math.max(1, Math.ceil(rows / rowsOfPiece))
  await store.work('truncate table fold_repeats')
  for (let piece = 0; piece < pieces; piece++) {
    await store.work(
      `insert into fold_repeats (site, page, seq, visitor, is_kept)
       select site, page, seq, arrayJoin(visitors) as visitor, visitor = arrayMax(visitors) as is_kept
       from (
         select site, page, seq, groupUniqArray(visitor) as visitors
         from events
         where day = {day:Date} and page % {pieces:UInt32} = {piece:UInt32}
           and page in (
             select page
             from events
             where day = {day:Date} and page % {pieces:UInt32} = {piece:UInt32}
             group by page
             having bitCount(groupBitOr(if(seq < 64, bitShiftLeft(toUInt64(1), seq), 0))) != count()
           )
         group by site, page, seq
         having count() > 1
       )
       ${settings}`,
      { day, pieces, piece },
    )
    yield
  }
}

export async function countRepeats(store: Store): Promise<number> {
  const [found] = await store.query<{ n: string }>('select count() as n from fold_repeats')
  return Number(found?.n ?? 0)
}

/** The rows that are kept of what came more than once, for one slice: into `fold_kept`. */
export async function keepOnce(
  { store, day, settings }: Day,
  columns: readonly string[],
  slice: Slice,
): Promise<void> {
  await store.work('truncate table fold_kept')
  await store.work(
    `insert into fold_kept (${columns.join(', ')})
     select ${columns.join(', ')}
     from events
     where day = {day:Date} and ${sliceCondition}
       and (site, page, seq, visitor) in (
         select site, page, seq, visitor from fold_repeats where is_kept and ${sliceCondition}
       )
     -- By all columns in the end, so that another fold keeps the same one.
     order by site, page, seq, time, received, ${columns.join(', ')}
     limit 1 by site, page, seq
     ${settings}`,
    { day, ...slice },
  )
}

/** What a rollup reads of one slice: each event once. */
export function rowsOnce(columns: readonly string[], hasRepeats: boolean): string {
  const rows = `select ${columns.join(', ')} from events where day = {day:Date} and ${sliceCondition}`
  if (!hasRepeats) return rows
  return `${rows}
            and (site, page, seq) not in (select site, page, seq from fold_repeats where ${sliceCondition})
          union all
          select ${columns.join(', ')} from fold_kept`
}
