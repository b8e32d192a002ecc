// One day's raw rows into all rollups. Everything is first put into staging tables (staging.ts); only when all of them are
// complete are the day's partitions replaced. Each `yield` is a place where others can have their turn.

import { durationEdgesMs, shiftEdges } from '../../contract/steps.ts'
import { isDay } from '../pipeline/day.ts'
import type { Parameters, Store } from '../store/store.ts'
import type { RawDay } from './raw_days.ts'
import { countRepeats, findRepeats, keepOnce, rowsOnce } from './repeats.ts'
import type { Rollup } from './rollup_files.ts'
import { makeSlices, type Slice } from './slices.ts'
import { makeSlicedTables, type Staging } from './staging.ts'

/** Months that a site's rollups are kept, by site; for a site that is not named, `rollupMonthsDefault`. */
export type RollupMonths = Readonly<Record<string, number>>
export const rollupMonthsDefault = 25

export type DayFold = {
  readonly store: Store
  readonly rollups: readonly Rollup[]
  readonly staging: Staging
  readonly day: string
  readonly raw: RawDay
  /** Rows that are folded in one piece. */
  readonly sliceRows: number
  readonly months: RollupMonths
  /** 0: as many as there are cores. */
  readonly threads: number
}

/** Rows that are kept of what came more than once are held in memory, some 0.3 kB each. */
const repeatsOfSlice = 200_000

/**
 * A fold that needs more than that writes it to disk meanwhile: what a flood of names makes of a rollup has no bound. Blocks
 * of 250,000 rows are sorted in a quarter of the memory that the default's take.
 */
const bounds = `max_bytes_before_external_group_by = 150000000, max_bytes_before_external_sort = 150000000,
  min_insert_block_size_rows = 250000, min_insert_block_size_bytes = 60000000`

/** How far the fold of a day is. */
export type DayProgress = { readonly step: number; readonly steps: number }

const notYetKnown: DayProgress = { step: 0, steps: 0 }

/** Leaves the staging tables complete. */
export async function* stageDay(fold: DayFold): AsyncGenerator<DayProgress, void, undefined> {
  const { store, rollups, raw, day, staging } = fold
  const settings = `settings max_threads = ${fold.threads}, ${bounds}`
  const parts = { store, day, settings }
  for (const { name } of rollups) await store.work(`truncate table fold_${name}`)
  for await (const _piece of findRepeats(parts, raw.rows)) yield notYetKnown
  const repeats = await countRepeats(store)
  const slices = makeSlices(raw, repeats > repeatsOfSlice ? sliceOfRepeats(fold, repeats) : fold.sliceRows)
  const isSliced = slices.length > 1
  const steps = slices.length * rollups.length + (isSliced ? rollups.length : 0)
  let step = 0
  if (isSliced) await makeSlicedTables(store, staging.rollupColumns)
  for (const slice of slices) {
    if (repeats > 0) {
      await keepOnce(parts, staging.rowColumns, slice)
      yield { step, steps }
    }
    for (const rollup of rollups) {
      const table = `${isSliced ? 'sliced' : 'fold'}_${rollup.name}`
      await stageRollup(fold, { rollup, table, slice, hasRepeats: repeats > 0, settings })
      yield { step: ++step, steps }
    }
    await releaseMemory(store, raw.rows)
  }
  if (repeats > 0)
    for (const table of ['fold_repeats', 'fold_kept']) await store.work(`truncate table ${table}`)
  if (!isSliced) return
  for (const rollup of rollups) {
    await joinSlices(fold, rollup, settings)
    await releaseMemory(store, raw.rows)
    yield { step: ++step, steps }
  }
}

function sliceOfRepeats({ raw, sliceRows }: DayFold, repeats: number): number {
  return Math.min(sliceRows, Math.ceil((raw.rows * repeatsOfSlice) / repeats))
}

/** The allocator keeps what was used for 10 s and longer, and the next slice does not fit into all of it. 20 ms. */
async function releaseMemory(store: Store, rows: number): Promise<void> {
  if (store.kind === 'embedded' && rows > 100_000) await store.work('system jemalloc purge')
}

type Stage = { rollup: Rollup; table: string; slice: Slice; hasRepeats: boolean; settings: string }

async function stageRollup(
  { store, day, months, staging }: DayFold,
  { rollup: { name, sql }, table, slice, hasRepeats, settings }: Stage,
): Promise<void> {
  const { given = [], reads = [] } = staging.rollupColumns.get(name) ?? {}
  const columns = given.join(', ')
  // An INSERT takes columns by place; the select around the file takes them by name.
  await store.work(
    `insert into ${table} (${columns}, expires)
     with day_rows as (${rowsOnce(reads, hasRepeats)})
     select ${columns}, addMonths(day, transform(site::String, {sites:Array(String)}, {months:Array(UInt16)}, {default:UInt16}))
     from (\n${sql}\n)
     ${settings}`,
    { day, ...slice, ...edges, ...monthsOf(months) },
  )
}

const edges = {
  edges: durationEdgesMs,
  shift_edges: shiftEdges.map(edge => Math.round(edge * 1000)),
}

function monthsOf(months: RollupMonths): Parameters {
  return {
    // transform() takes no empty list; no site has the empty id.
    sites: ['', ...Object.keys(months)],
    months: [rollupMonthsDefault, ...Object.values(months)],
    default: rollupMonthsDefault,
  }
}

/** One row for each name instead of one for each slice that has it. Both tables are sorted alike, so it streams. */
async function joinSlices({ store, staging }: DayFold, { name }: Rollup, settings: string): Promise<void> {
  const { keys = [], sums = [], dates = [] } = staging.rollupColumns.get(name) ?? {}
  await store.work(
    `insert into fold_${name} (${[...keys, ...sums, ...dates].join(', ')})
     select ${[...keys, ...sums.map(column => `sum(${column})`), ...dates.map(column => `min(${column})`)].join(', ')}
     from sliced_${name}
     group by ${keys.join(', ')}
     ${settings}, optimize_aggregation_in_order = 1`,
  )
  await store.work(`drop table sliced_${name} sync`)
}

/**
 * From the staging tables, whose rows stay there: what a kill in the middle leaves half done (it can leave old and new parts
 * both active) can be done again.
 */
export async function replaceDay(store: Store, rollups: readonly Rollup[], day: string): Promise<void> {
  // A partition's name cannot be a bound parameter.
  if (!isDay(day)) throw new Error(`not a day: ${day}`)
  const filled = await filledTables(store, rollups)
  for (const { name } of rollups) {
    // ClickHouse refuses to replace a partition by an empty one: that is a drop.
    const change = filled.has(name)
      ? `replace partition '${day}' from fold_${name}`
      : `drop partition '${day}'`
    await store.work(`alter table rollup_${name} ${change}`)
  }
}

async function filledTables(store: Store, rollups: readonly Rollup[]): Promise<ReadonlySet<string>> {
  const counts = rollups.map(({ name }) => `select '${name}' as name, count() as n from fold_${name}`)
  const rows = await store.query<{ name: string }>(
    `select name from (${counts.join(' union all ')}) where n > 0`,
  )
  return new Set(rows.map(row => row.name))
}
