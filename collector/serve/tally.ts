// The supervisor's own figures, and those of processes that have died.

import { Counter, Registry } from 'prom-client'
import type { Snapshot } from './messages.ts'
import { retire } from './snapshots.ts'

export type Tally = {
  restarted(name: 'acceptor' | 'engine'): void
  retire(last: Snapshot): Promise<void>
  snapshots(): Promise<readonly Snapshot[]>
}

export function createTally(): Tally {
  const registry = new Registry()
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
    async retire(last) {
      retired = await retire(retired, last)
    },
    snapshots: async () => [retired, await registry.getMetricsAsJSON()],
  }
}
