// The engine's figures: what it tells the supervisor every second (its counters, and up to when everything is loaded), and
// the text of /metrics for all processes.

import { Registry } from 'prom-client'
import type { Link } from './child_link.ts'
import type { EngineDatabase } from './engine_database.ts'
import { addEngineGauges, addEngineTotals } from './engine_metrics.ts'
import { createEngineWatch, type EngineWatch } from './engine_watch.ts'
import { lagSeconds, type Progress } from './lag.ts'
import { loadedUntil } from './loaded_until.ts'
import type { Snapshot } from './messages.ts'
import { addProcessMetrics } from './process_metrics.ts'
import { sumText } from './snapshots.ts'

const tellMs = 1000

/** What changes while the engine runs. */
export type EngineState = {
  database: EngineDatabase | undefined
  progress: Progress
  /** Of all processes, the dead ones and what this one has told included. */
  snapshots: readonly Snapshot[]
}

export type EngineFigures = { readonly watch: EngineWatch; metrics(): Promise<string> }

export function engineFigures(link: Link, state: EngineState): EngineFigures {
  const { dataDirectory } = link.start.settings
  const database = () => state.database
  const told = new Registry()
  addProcessMetrics(told, 'engine')
  addEngineTotals(told, database)
  const watch = createEngineWatch(told)
  const gauges = new Registry()
  addEngineGauges(gauges, {
    dataDirectory,
    database,
    async lagSeconds() {
      const until = await loadedUntil({ dataDirectory }, state.database)
      return lagSeconds({ ...state.progress, loadedUntil: until }, Date.now()) ?? 0
    },
  })
  const tell = async () => {
    link.send({ kind: 'metrics', snapshot: await told.getMetricsAsJSON() })
    // Where even the spool cannot be looked at, the supervisor keeps what it knows, and the lag grows.
    const until = await loadedUntil({ dataDirectory }, state.database).catch(() => undefined)
    if (until !== undefined) link.send({ kind: 'loaded', until })
  }
  // From the first moment on: the lag is to be known also while the database is away.
  void tell()
  setInterval(tell, tellMs)
  return { watch, metrics: async () => sumText([...state.snapshots, await gauges.getMetricsAsJSON()]) }
}
