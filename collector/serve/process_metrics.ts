// What every process tells of itself: memory, and how late its event loop runs.

import { monitorEventLoopDelay } from 'node:perf_hooks'
import { Gauge, type Registry } from 'prom-client'

/** `name` is `acceptor-1` … or `engine`: as many as there are processes. */
export function addProcessMetrics(registry: Registry, name: string): void {
  const delay = monitorEventLoopDelay({ resolution: 20 })
  delay.enable()
  new Gauge({
    name: 'lightfoot_process_resident_bytes',
    help: 'Resident memory of each process.',
    labelNames: ['process'],
    registers: [registry],
    collect() {
      this.set({ process: name }, process.memoryUsage.rss())
    },
  })
  new Gauge({
    name: 'lightfoot_event_loop_delay_p99_seconds',
    help: 'How late the event loop of each process runs, since it was last asked.',
    labelNames: ['process'],
    registers: [registry],
    collect() {
      this.set({ process: name }, Number.isNaN(delay.mean) ? 0 : delay.percentile(99) / 1e9)
      delay.reset()
    },
  })
}
