// After a start of the machine, which may follow a power loss, the newest load is not the only one in doubt. A load that was
// confirmed is on the disk as far as the disk says so; what came back older all the same (a disk that lies, a copy of the
// database's files put back) is found by counting the loads of earlier boots as well, and inserted again from the spool as
// long as its segments are there. Their days are folded again: replaced rollups may have come back older, too.

import { firstLoad } from '../pipeline/row_columns.ts'
import { createdMsOf } from '../spool/segment.ts'
import type { Store } from '../store/store.ts'
import type { Confirmed } from './confirmed.ts'
import type { Manifest } from './manifest.ts'

/** The database forgets a row's load a week after its insert (migrations/0001_events.sql); a day less, for clocks. */
const askableMs = 6 * 24 * 3600 * 1000

export type Doubt = { readonly bootId: string; readonly confirmed: Confirmed; readonly now: number }

/**
 * Confirmed under an earlier boot perhaps, and not looked for since. One that the database may have forgotten by its number
 * is taken for there: asked for, it would be inserted twice, and by then it is long on the disk.
 */
export function isDoubtful(
  { load, rows, ranges, bootId }: Manifest,
  { bootId: current, confirmed, now }: Doubt,
): boolean {
  if (rows === 0 || bootId === current) return false
  if (confirmed.bootId === current && load <= confirmed.load) return false
  return Math.max(...ranges.map(({ segment }) => createdMsOf(segment))) > now - askableMs
}

export async function findLoads(
  store: Store,
  asked: readonly Manifest[],
): Promise<{ present: Manifest[]; missing: Manifest[] }> {
  if (asked.length === 0) return { present: [], missing: [] }
  const found = await store.query<{ load: string }>(
    `select distinct load from events
     where received in {days:Array(Date)} and load in {loads:Array(UInt64)}`,
    {
      days: [...new Set(asked.map(({ received }) => received))],
      loads: asked.map(({ load }) => load),
    },
  )
  const there = new Set(found.map(({ load }) => Number(load)))
  return {
    present: asked.filter(({ load }) => there.has(load)),
    missing: asked.filter(({ load }) => !there.has(load)),
  }
}

/**
 * Where the database has none of the loads that have manifests, it may lack earlier ones too, whose manifests and segments
 * are gone: those between the last that it has and the first manifest, at most (a load of repeats only left no rows). How many
 * cannot be said of a database so old that it knows no number any more.
 */
export async function countLostBefore(store: Store, { load }: Manifest): Promise<number> {
  const [row] = await store.query<{ newest: string; rows: string }>(
    'select max(load) as newest, count() as rows from events where load < {load:UInt64}',
    { load },
  )
  const newest = Number(row?.newest ?? 0)
  if (newest === 0 && Number(row?.rows ?? 0) > 0) return 0
  return load - 1 - Math.max(firstLoad - 1, newest)
}
