// What the engine measures. Its counters are told to the supervisor like those of the acceptors, so that they outlive a
// crash; its gauges say what is now, and are read when somebody asks.

import { Counter, Gauge, type Registry } from 'prom-client'
import { type SpoolStatus, spoolStatus } from '../load/spool_status.ts'
import { addGauge, addTotal } from './add_metrics.ts'
import type { EngineDatabase } from './engine_database.ts'
import { version } from './version.ts'

type Open = () => EngineDatabase | undefined
type Figure<T> = readonly [name: string, help: string, value: (of: T) => number]

const spoolFigures: readonly Figure<SpoolStatus>[] = [
  ['lightfoot_spool_bytes', 'Bytes acknowledged and not yet loaded.', spool => spool.bytes],
  ['lightfoot_spool_segments', 'Segments that hold something not yet loaded.', spool => spool.segments],
  ['lightfoot_spool_quarantined_segments', 'Damaged segments put aside.', spool => spool.quarantined],
  [
    'lightfoot_rejected_loads',
    'Loads of which rows were refused and wait in rejects/.',
    spool => spool.rejects,
  ],
  ['lightfoot_rejected_rows', 'Rows that were refused and wait in rejects/.', spool => spool.rejectedRows],
]

const databaseGauges: readonly Figure<EngineDatabase>[] = [
  [
    'lightfoot_fold_dirty_partitions',
    'Partitions of the rollups, one a day, that wait to be folded.',
    ({ folder }) => folder.status().dirtyDays.length,
  ],
  [
    'lightfoot_load_waiting_rows',
    'Rows gathered and not yet inserted.',
    ({ loader }) => loader.status().waitingRows,
  ],
  [
    'lightfoot_load_failing',
    '1 while loads fail and are tried again.',
    ({ loader }) => (loader.status().problem ? 1 : 0),
  ],
  [
    'lightfoot_spool_newer_segments',
    'Segments that only a newer version can read; they are left alone.',
    ({ loader }) => loader.status().newerSegments.length,
  ],
  [
    'lightfoot_spool_unreadable_segments',
    'Segments that the disk does not give; they stay and are tried again.',
    ({ loader }) => loader.status().unreadableSegments.length,
  ],
  [
    'lightfoot_dedup_batches',
    'Batches remembered, so that a repeat is recognised.',
    ({ loader }) => loader.status().batchesRemembered,
  ],
]

const databaseTotals: readonly Figure<EngineDatabase>[] = [
  ['lightfoot_loads_total', 'Loads that are complete.', ({ loader }) => loader.status().loads],
  ['lightfoot_insert_rows_total', 'Rows inserted into events.', ({ loader }) => loader.status().rows],
  [
    'lightfoot_void_loads_total',
    'Loads that were neither in the database nor whole in the spool; what is there was loaded anew.',
    ({ loader }) => loader.status().voidLoads,
  ],
  [
    'lightfoot_dedup_hits_total',
    'Batches that were repeats and left out; their events are dropped as duplicate.',
    ({ loader }) => loader.status().duplicateBatches,
  ],
  [
    'lightfoot_dedup_forgotten_total',
    'Batches forgotten before their time, because too many came.',
    ({ loader }) => loader.status().batchesForgottenEarly,
  ],
]

export type NowOptions = {
  readonly dataDirectory: string
  readonly database: Open
  lagSeconds(): Promise<number>
}

/** What is now. */
export function addEngineGauges(
  registry: Registry,
  { dataDirectory, database, lagSeconds }: NowOptions,
): void {
  const spool = atOnce(() => spoolStatus(dataDirectory, Date.now()))
  const lag = atOnce(lagSeconds)
  for (const [name, help, value] of spoolFigures)
    addGauge(registry, name, help, async () => value(await spool()))
  addGauge(
    registry,
    'lightfoot_lag_seconds',
    'How long ago was the latest moment up to which everything acknowledged is in the database; 0 when nothing waits.',
    lag,
  )
  addGauge(
    registry,
    'lightfoot_spool_oldest_seconds',
    'Age of the oldest record that is not yet loaded, at most: 0 when nothing waits.',
    // A segment is a minute long, and what is in the database of it says the lag.
    async () => Math.min((await spool()).oldestSeconds, await lag()),
  )
  addGauge(registry, 'lightfoot_database_open', '1 when the database is open.', async () =>
    database() ? 1 : 0,
  )
  for (const [name, help, value] of databaseGauges)
    addGauge(registry, name, help, async () => figureOf(database, value))
  new Gauge({
    name: 'lightfoot_build_info',
    help: 'Always 1; its labels say which version runs on which Node.',
    labelNames: ['version', 'node'],
    registers: [registry],
  }).set({ version: version(), node: process.versions.node }, 1)
}

/** What was done since this process began. */
export function addEngineTotals(registry: Registry, database: Open): void {
  for (const [name, help, value] of databaseTotals)
    addTotal(registry, name, help, () => figureOf(database, value))
  addDrops(registry, database)
}

/** Who asks while an answer is on its way gets the same one: all figures of a scrape are asked for together. */
function atOnce<T>(ask: () => Promise<T>): () => Promise<T> {
  let underWay: Promise<T> | undefined
  return () => {
    underWay ??= ask().finally(() => {
      underWay = undefined
    })
    return underWay
  }
}

function figureOf(database: Open, value: (of: EngineDatabase) => number): number {
  const open = database()
  return open ? value(open) : 0
}

/** What the loader and the fold drop, under the same name as the acceptors' drops: the reasons differ, and /metrics adds them up. */
function addDrops(registry: Registry, database: Open): void {
  new Counter({
    name: 'lightfoot_events_dropped_total',
    help: 'Events dropped, by reason.',
    labelNames: ['reason'],
    registers: [registry],
    collect() {
      this.reset()
      const open = database()
      const late = open?.folder.status().lateRows ?? 0
      const drops = { ...open?.loader.status().drops, late }
      for (const [reason, events] of Object.entries(drops)) this.inc({ reason }, events)
    },
  })
}
