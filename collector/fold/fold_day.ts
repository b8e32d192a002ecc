// One day's raw rows into all rollups. Everything is first put into staging tables (fold_<name>); only when all of them are
// complete are the day's partitions replaced. Each `yield` is a place where others can have their turn.

import { durationEdgesMs, shiftEdges } from '../../contract/steps.ts'
import { isDay } from '../pipeline/day.ts'
import type { Store } from '../store/store.ts'
import type { Rollup } from './rollup_files.ts'

/** Months that a site's rollups are kept, by site; for a site that is not named, `rollupMonthsDefault`. */
export type RollupMonths = Readonly<Record<string, number>>
export const rollupMonthsDefault = 25

export type DayFold = {
  readonly store: Store
  readonly rollups: readonly Rollup[]
  readonly day: string
  /** So many that one of them fits into memory. */
  readonly slices: number
  readonly months: RollupMonths
}

/** Anew at every start, so that a staging table has the columns that its rollup has since the last migration. */
export async function makeStaging(store: Store, rollups: readonly Rollup[]): Promise<void> {
  for (const { name } of rollups) {
    await store.command(`drop table if exists fold_${name} sync`)
    await store.command(`create table fold_${name} as rollup_${name}`)
  }
}

/** Leaves the staging tables complete. */
export async function* stageDay(fold: DayFold): AsyncGenerator<void, void, undefined> {
  const columns = await readColumns(fold.store)
  yield* findRepeats(fold)
  for (const rollup of fold.rollups) yield* stageRollup(fold, rollup, columns.get(rollup.name) ?? '')
}

/** One line for each event that came more than once: see the view day_rows in migrations/0002_rollups.sql. */
async function* findRepeats({ store, day, slices }: DayFold): AsyncGenerator<void, void, undefined> {
  await store.command('truncate table fold_repeats')
  for (let slice = 0; slice < slices; slice++) {
    await store.command(
      `insert into fold_repeats (site, page, seq, visitor)
       select site, page, seq, max(visitor)
       from events
       where day = {day:Date} and page % {slices:UInt32} = {slice:UInt32}
       group by site, page, seq
       having count() > 1`,
      { day, slice, slices },
    )
    yield
  }
}

async function* stageRollup(
  { store, day, slices, months }: DayFold,
  { name, sql }: Rollup,
  columns: string,
): AsyncGenerator<void, void, undefined> {
  await store.command(`truncate table fold_${name}`)
  for (let slice = 0; slice < slices; slice++) {
    // An INSERT takes columns by place; the select around the file takes them by name.
    await store.command(
      `insert into fold_${name} (${columns}, expires)
       select ${columns}, addMonths(day, transform(site::String, {sites:Array(String)}, {months:Array(UInt16)}, {default:UInt16}))
       from (\n${sql}\n)`,
      {
        day,
        slice,
        slices,
        edges: durationEdgesMs,
        shift_edges: shiftEdges.map(edge => Math.round(edge * 1000)),
        // transform() takes no empty list; no site has the empty id.
        sites: ['', ...Object.keys(months)],
        months: [rollupMonthsDefault, ...Object.values(months)],
        default: rollupMonthsDefault,
      },
    )
    yield
  }
}

/** `pages` to `site, day, hour, path, …`: what the rollup's file gives; `expires` is the fold's. */
async function readColumns(store: Store): Promise<ReadonlyMap<string, string>> {
  const rows = await store.query<{ name: string; columns: string }>(
    `select substring(table, 8) as name, arrayStringConcat(groupArray(column), ', ') as columns
     from (
       select table, name as column
       from system.columns
       where database = currentDatabase() and table like 'rollup\\_%' and name != 'expires'
       order by table, position
     )
     group by table`,
  )
  return new Map(rows.map(({ name, columns }) => [name, columns]))
}

/**
 * From the staging tables, whose rows stay there: what a kill in the middle leaves half done (it can leave old and new parts
 * both active) can be done again.
 */
export async function replaceDay(store: Store, rollups: readonly Rollup[], day: string): Promise<void> {
  // A partition's name cannot be a bound parameter.
  if (!isDay(day)) throw new Error(`not a day: ${day}`)
  for (const { name } of rollups) {
    const [found] = await store.query<{ n: string }>(`select count() as n from fold_${name}`)
    // ClickHouse refuses to replace a partition by an empty one: that is a drop.
    const change =
      found?.n === '0' ? `drop partition '${day}'` : `replace partition '${day}' from fold_${name}`
    await store.command(`alter table rollup_${name} ${change}`)
  }
}
