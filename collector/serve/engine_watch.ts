// Watches the engine at work: how long inserts and folds take, and how often they fail.

import { Counter, type Registry } from 'prom-client'
import { plainHistogram } from '../http/plain_histogram.ts'
import { type Store, StoreError } from '../store/store.ts'

export type EngineWatch = {
  /** The same store, its inserts into `events` timed. Probes of refused rows go elsewhere and are left out. */
  inserts(store: Store): Store
  folded(ms: number): void
  foldFailed(): void
}

const failureKinds = ['unavailable', 'refused', 'other'] as const

export function createEngineWatch(registry: Registry): EngineWatch {
  const insertDuration = plainHistogram(registry, {
    name: 'lightfoot_insert_duration_seconds',
    help: 'How long an insert into events took until the database had it on its disk.',
    buckets: [0.05, 0.1, 0.2, 0.4, 0.8, 1.6, 3.2, 6.4, 12.8, 25.6],
  })
  const insertFailures = new Counter({
    name: 'lightfoot_insert_failures_total',
    help: 'Inserts into events that failed and are tried again, or whose rows are looked through, by kind.',
    labelNames: ['kind'],
    registers: [registry],
  })
  for (const kind of failureKinds) insertFailures.inc({ kind }, 0)
  const foldDuration = plainHistogram(registry, {
    name: 'lightfoot_fold_duration_seconds',
    help: 'How long it took to fold a day.',
    buckets: [0.1, 0.3, 1, 3, 10, 30, 100, 300],
  })
  const foldFailures = new Counter({
    name: 'lightfoot_fold_failures_total',
    help: 'Steps of a fold that failed; the day is folded again.',
    registers: [registry],
  })

  async function timed(insert: () => Promise<void>): Promise<void> {
    const start = performance.now()
    try {
      await insert()
    } catch (error) {
      insertFailures.inc({ kind: error instanceof StoreError ? error.kind : 'other' })
      throw error
    }
    insertDuration.observe((performance.now() - start) / 1000)
  }

  return {
    inserts: store => ({
      ...store,
      insert: (table, columns, rows, token) => {
        const insert = () => store.insert(table, columns, rows, token)
        return table === 'events' ? timed(insert) : insert()
      },
    }),
    folded: ms => foldDuration.observe(ms / 1000),
    foldFailed: () => foldFailures.inc(),
  }
}
