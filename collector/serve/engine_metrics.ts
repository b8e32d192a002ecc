// What the engine measures: how much waits, and what the loader and the fold have done. Read when it is asked for.

import { Counter, type Registry } from 'prom-client'
import { type SpoolStatus, spoolStatus } from '../load/spool_status.ts'
import { addGauge, addTotal } from './add_metrics.ts'
import type { EngineDatabase } from './engine_database.ts'

type Open = () => EngineDatabase | undefined
type Figure<T> = readonly [name: string, help: string, value: (of: T) => number]

const spoolFigures: readonly Figure<SpoolStatus>[] = [
  ['lightfoot_spool_bytes', 'Bytes acknowledged and not yet loaded.', spool => spool.bytes],
  ['lightfoot_spool_segments', 'Segments that hold something not yet loaded.', spool => spool.segments],
  [
    'lightfoot_spool_oldest_seconds',
    'Age of the oldest segment that holds something not yet loaded.',
    spool => spool.oldestSeconds,
  ],
  ['lightfoot_spool_quarantined', 'Damaged segments put aside.', spool => spool.quarantined],
  ['lightfoot_reject_files', 'Files of rows that ClickHouse refused.', spool => spool.rejects],
]

const loadTotals: readonly Figure<EngineDatabase>[] = [
  ['lightfoot_loads_total', 'Inserts into events.', ({ loader }) => loader.status().loads],
  ['lightfoot_loaded_rows_total', 'Rows inserted into events.', ({ loader }) => loader.status().rows],
  ['lightfoot_folded_days_total', 'Days folded.', ({ folder }) => folder.status().foldedDays],
  ['lightfoot_fold_seconds_total', 'Time spent folding.', ({ folder }) => folder.status().foldMs / 1000],
]

const engineGauges: readonly Figure<EngineDatabase>[] = [
  [
    'lightfoot_fold_dirty_days',
    'Days that wait to be folded.',
    ({ folder }) => folder.status().dirtyDays.length,
  ],
  [
    'lightfoot_fold_last_seconds',
    'How long the last fold of a day took.',
    ({ folder }) => folder.status().lastFoldMs / 1000,
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
]

export function addEngineMetrics(registry: Registry, dataDirectory: string, database: Open): void {
  const spool = atOnce(() => spoolStatus(dataDirectory, Date.now()))
  for (const [name, help, value] of spoolFigures)
    addGauge(registry, name, help, async () => value(await spool()))
  addGauge(registry, 'lightfoot_database_open', '1 when the database is open.', async () =>
    database() ? 1 : 0,
  )
  for (const [name, help, value] of engineGauges)
    addGauge(registry, name, help, async () => figureOf(database, value))
  for (const [name, help, value] of loadTotals)
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
      const drops = { ...open?.loader.status().drops, ...(late > 0 ? { late } : {}) }
      for (const [reason, events] of Object.entries(drops)) this.inc({ reason }, events)
    },
  })
}
