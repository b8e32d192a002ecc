// What an acceptor tells of its connections: how many there are, and how many had to go and why.

import type { Server } from 'node:http'
import { promisify } from 'node:util'
import { Counter, Gauge, type Registry } from 'prom-client'
import { type CutReason, cutReasons } from './connection_limits.ts'

export type ConnectionMetrics = {
  cut(reason: CutReason): void
  watch(server: Server): void
}

/** `name` is `acceptor-1` …: each has bounds of its own. */
export function createConnectionMetrics(registry: Registry, name: string): ConnectionMetrics {
  const cuts = new Counter({
    name: 'lightfoot_http_connections_cut_total',
    help: 'Connections to the public listener that were cut because there were too many, or too much waited on them.',
    labelNames: ['reason'],
    registers: [registry],
  })
  for (const reason of cutReasons) cuts.inc({ reason }, 0)
  return {
    cut: reason => cuts.inc({ reason }),
    watch(server) {
      const count = promisify(server.getConnections.bind(server))
      new Gauge({
        name: 'lightfoot_http_connections',
        help: 'Open connections to the public listener, as each acceptor counts them.',
        labelNames: ['process'],
        registers: [registry],
        async collect() {
          this.set({ process: name }, (await count()) ?? 0)
        },
      })
    },
  }
}
