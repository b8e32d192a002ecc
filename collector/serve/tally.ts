// The supervisor's own figures, and those of processes that have died.

import { Counter, Registry } from 'prom-client'
import type { Snapshot } from './messages.ts'
import { addProcessMetrics } from './process_metrics.ts'
import { retire } from './snapshots.ts'

export type Tally = {
  restarted(name: 'acceptor' | 'engine'): void
  /** The last figures of a dead process. */
  retire(last: Snapshot): void
  snapshots(): Promise<readonly Snapshot[]>
}

export function createTally(): Tally {
  const registry = new Registry()
  addProcessMetrics(registry, 'supervisor')
  const restarts = new Counter({
    name: 'lightfoot_process_restarts_total',
    help: 'Processes that ended unasked and were started again.',
    labelNames: ['process'],
    registers: [registry],
  })
  restarts.inc({ process: 'acceptor' }, 0)
  restarts.inc({ process: 'engine' }, 0)
  let retired: Snapshot = []
  return {
    restarted: name => restarts.inc({ process: name }),
    retire(last) {
      retired = retire(retired, last)
    },
    snapshots: async () => [retired, await registry.getMetricsAsJSON()],
  }
}
