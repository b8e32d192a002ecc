// What every process tells of itself: memory, processor time, and how late its event loop runs.

import { monitorEventLoopDelay } from 'node:perf_hooks'
import { Gauge, type Registry } from 'prom-client'
import { addLabelledTotal } from './add_metrics.ts'

const resolutionMs = 20

/** `name` is `acceptor-1` …, `engine` or `supervisor`: as many as there are processes. */
export function addProcessMetrics(registry: Registry, name: string): void {
  const delay = monitorEventLoopDelay({ resolution: resolutionMs })
  delay.enable()
  const startedAt = Date.now() / 1000 - process.uptime()
  const labelled = { labelNames: ['process'], registers: [registry] }
  new Gauge({
    name: 'lightfoot_process_resident_memory_bytes',
    help: 'Resident memory of each process.',
    ...labelled,
    collect() {
      this.set({ process: name }, process.memoryUsage.rss())
    },
  })
  new Gauge({
    name: 'lightfoot_process_start_time_seconds',
    help: 'When each process started, in seconds since 1970.',
    ...labelled,
  }).set({ process: name }, startedAt)
  new Gauge({
    name: 'lightfoot_event_loop_delay_p99_seconds',
    help: 'How late the event loop of each process ran in the last second, 99th percentile.',
    ...labelled,
    collect() {
      // What is measured is the time between two ticks of a timer, so its period goes off.
      const lateMs = delay.count === 0 ? 0 : delay.percentile(99) / 1e6 - resolutionMs
      this.set({ process: name }, Math.max(0, lateMs) / 1000)
      delay.reset()
    },
  })
  addLabelledTotal(
    registry,
    { name: 'lightfoot_process_cpu_seconds_total', help: 'Processor time of each process, user and system.' },
    { process: name },
    () => {
      const { user, system } = process.cpuUsage()
      return (user + system) / 1e6
    },
  )
}
