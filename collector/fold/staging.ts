// The tables that a fold works in, made anew at every start, so that they fit the tables that they stand beside whatever a
// migration has changed:
//
//   fold_repeats   which events of the day came more than once, and
//   fold_kept      the rows that are kept of them, of one slice
//   sliced_<name>  a rollup of the day, slice by slice, where the day is too large for one
//   fold_<name>    a rollup of the day until it is complete; on disk, because a crash while the rollups are replaced is
//                  mended from it

import type { Store } from '../store/store.ts'
import type { Rollup } from './rollup_files.ts'

export type RollupColumns = {
  /** The columns of events that its file reads. */
  readonly reads: readonly string[]
  /** What the rollup's file gives; `expires` is the fold's. */
  readonly given: readonly string[]
  /** The sorting key: one row each. */
  readonly keys: readonly string[]
  readonly sums: readonly string[]
  /** `expires`, `raw_expires`: the earliest counts. */
  readonly dates: readonly string[]
}

export type Staging = {
  /** The columns of events that any of them reads. */
  readonly rowColumns: readonly string[]
  readonly rollupColumns: ReadonlyMap<string, RollupColumns>
}

/**
 * For a day that is too large for one slice. Not synced to disk: what a power loss takes of it is made again from raw rows.
 */
export async function makeSlicedTables(store: Store, rollupColumns: Staging['rollupColumns']): Promise<void> {
  for (const [name, { keys }] of rollupColumns) {
    await store.work(`drop table if exists sliced_${name} sync`)
    await store.work(
      `create table sliced_${name} as rollup_${name} engine = MergeTree order by (${keys.join(', ')})`,
    )
  }
}

type Column = { readonly name: string; readonly type: string; readonly isKey: boolean }

export async function makeStaging(store: Store, rollups: readonly Rollup[]): Promise<Staging> {
  const columns = await readColumns(store)
  const named = namedColumns(columns.get('events') ?? [])
  const rowColumns = named(rollups)
  for (const { name } of rollups) {
    await store.work(`drop table if exists fold_${name} sync`)
    await store.work(`create table fold_${name} as rollup_${name}`)
  }
  for (const [name, select] of [
    ['fold_kept', `select ${rowColumns.join(', ')} from events`],
    ['fold_repeats', 'select site, page, seq, visitor, toUInt8(0) as is_kept from events'],
  ]) {
    await store.work(`drop table if exists ${name} sync`)
    await store.work(`create table ${name} engine = Memory empty as ${select}`)
  }
  return {
    rowColumns,
    rollupColumns: new Map(
      rollups.map(rollup => {
        const given = sorted(columns.get(`rollup_${rollup.name}`) ?? [])
        return [rollup.name, { ...given, reads: named([rollup]) }]
      }),
    ),
  }
}

function sorted(columns: readonly Column[]): Omit<RollupColumns, 'reads'> {
  const names = (of: (column: Column) => boolean) => columns.filter(of).map(({ name }) => name)
  return {
    given: names(({ name }) => name !== 'expires'),
    keys: names(({ isKey }) => isKey),
    sums: names(({ isKey, type }) => !isKey && type !== 'Date'),
    dates: names(({ isKey, type }) => !isKey && type === 'Date'),
  }
}

/** What a file names in a comment only is read for nothing, which does no harm. */
function namedColumns(columns: readonly Column[]): (rollups: readonly Rollup[]) => string[] {
  const always = ['site', 'page', 'seq', 'visitor', 'time', 'received']
  return rollups => {
    const words = new Set(rollups.flatMap(({ sql }) => sql.match(/\w+/g) ?? []))
    return columns.map(({ name }) => name).filter(name => always.includes(name) || words.has(name))
  }
}

async function readColumns(store: Store): Promise<ReadonlyMap<string, readonly Column[]>> {
  const rows = await store.query<{ table: string; columns: [string, string, number][] }>(
    `select table, groupArray((name, type, is_in_sorting_key)) as columns
     from (
       select table, name, type, is_in_sorting_key
       from system.columns
       where database = currentDatabase() and (table = 'events' or table like 'rollup\\_%')
       order by table, position
     )
     group by table`,
  )
  return new Map(
    rows.map(({ table, columns }) => [
      table,
      columns.map(([name, type, isKey]) => ({ name, type, isKey: isKey === 1 })),
    ]),
  )
}
