// Looks at the collector once a second while k6 runs: its lag, and memory and processor time of its processes. And at k6,
// which on a small machine takes more of the processor than what it is aimed at.

import { readFileSync } from 'node:fs'

const everyMs = 1000
/** Linux counts in hundredths of a second. */
const ticksPerSecond = 100

/** `pid` is k6's. `stop()` gives the samples; `at` is the clock in seconds. */
export function startSampling(collector, pid) {
  const samples = []
  let isRunning = true
  async function run() {
    while (isRunning) {
      const startedAt = Date.now()
      // While the engine is away there is nothing to read, which is a gap in the charts and no error.
      const text = await collector.metrics().catch(() => '')
      samples.push({ at: startedAt / 1000, k6CpuSeconds: cpuSecondsOf(pid), ...readSample(text) })
      const restMs = startedAt + everyMs - Date.now()
      if (restMs > 0) await new Promise(resolve => setTimeout(resolve, restMs))
    }
  }
  const running = run()
  return async () => {
    isRunning = false
    await running
    return samples
  }
}

export function readSample(text) {
  const [, lag] = /^lightfoot_lag_seconds (\S+)$/m.exec(text) ?? []
  return {
    lagSeconds: lag === undefined ? undefined : Number(lag),
    memoryBytes: byProcess(text, 'lightfoot_process_resident_memory_bytes'),
    cpuSeconds: byProcess(text, 'lightfoot_process_cpu_seconds_total'),
  }
}

/** `{ 'acceptor-1': 91000000, engine: … }` */
function byProcess(text, metric) {
  const lines = text.matchAll(new RegExp(`^${metric}\\{process="([^"]+)"\\} (\\S+)$`, 'gm'))
  return Object.fromEntries([...lines].map(([, process, value]) => [process, Number(value)]))
}

/** Undefined where there is no /proc. */
function cpuSecondsOf(pid) {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ')
    return (Number(fields[11]) + Number(fields[12])) / ticksPerSecond
  } catch {
    return undefined
  }
}
