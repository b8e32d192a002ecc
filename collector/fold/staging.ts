// The tables that a fold works in, made anew at every start, so that they fit the tables that they stand beside whatever a
// migration has changed:
//
//   day_rows      the raw rows of one slice of the day, each event once: what rollups/*.sql read
//   fold_repeats  which events of the day came more than once
//   fold_<name>   a rollup of the day until it is complete; on disk, because a crash while the rollups are replaced is
//                 mended from it

import type { Store } from '../store/store.ts'
import type { Rollup } from './rollup_files.ts'

export type Staging = {
  /** Of `day_rows`: the columns of events that any rollup reads. */
  readonly rowColumns: string
  /** `pages` to `site, day, hour, path, …`: what the rollup's file gives; `expires` is the fold's. */
  readonly rollupColumns: ReadonlyMap<string, string>
}

export async function makeStaging(store: Store, rollups: readonly Rollup[]): Promise<Staging> {
  const columns = await readColumns(store)
  const rowColumns = namedColumns(columns.get('events') ?? [], rollups).join(', ')
  for (const { name } of rollups) {
    await store.command(`drop table if exists fold_${name} sync`)
    await store.command(`create table fold_${name} as rollup_${name}`)
  }
  for (const [name, select] of [
    ['day_rows', `select ${rowColumns} from events`],
    ['fold_repeats', 'select site, page, seq, visitor from events'],
  ]) {
    await store.command(`drop table if exists ${name} sync`)
    await store.command(`create table ${name} engine = Memory empty as ${select}`)
  }
  const rollupColumns = rollups.map(({ name }) => {
    const given = (columns.get(`rollup_${name}`) ?? []).filter(column => column !== 'expires')
    return [name, given.join(', ')] as const
  })
  return { rowColumns, rollupColumns: new Map(rollupColumns) }
}

/** What a file names in a comment only is copied for nothing, which does no harm. */
function namedColumns(columns: readonly string[], rollups: readonly Rollup[]): string[] {
  const words = new Set(rollups.flatMap(({ sql }) => sql.match(/\w+/g) ?? []))
  const always = ['site', 'page', 'seq', 'visitor', 'time', 'received']
  return columns.filter(column => always.includes(column) || words.has(column))
}

async function readColumns(store: Store): Promise<ReadonlyMap<string, readonly string[]>> {
  const rows = await store.query<{ table: string; columns: string[] }>(
    `select table, groupArray(name) as columns
     from (
       select table, name
       from system.columns
       where database = currentDatabase() and (table = 'events' or table like 'rollup\\_%')
       order by table, position
     )
     group by table`,
  )
  return new Map(rows.map(({ table, columns }) => [table, columns]))
}
