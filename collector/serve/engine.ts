// The engine: owns the database. Opens and recovers it, loads the spool, folds the days, answers the private listener.
// The listener comes first, so that status and metrics can be read while the database is away.

import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Registry } from 'prom-client'
import type { Config } from '../config/config.ts'
import { maskUrl } from '../config/describe_settings.ts'
import { packageRoot } from '../config/package_root.ts'
import { privateApp } from '../http/private_app.ts'
import type { PrivateParts } from '../http/private_parts.ts'
import { readTrackerFiles } from '../http/tracker_files.ts'
import { addGauge } from './add_metrics.ts'
import type { Link } from './child_link.ts'
import { type EngineDatabase, openDatabase } from './engine_database.ts'
import { engineLoop } from './engine_loop.ts'
import { addEngineMetrics } from './engine_metrics.ts'
import { engineStatus } from './engine_status.ts'
import { createErrorLog } from './error_log.ts'
import { closeServer, httpServer, listen } from './http_server.ts'
import { lagSeconds, type Progress } from './lag.ts'
import { loadedUntil } from './loaded_until.ts'
import { createLog, describeError } from './log.ts'
import type { ChildStart, Snapshot } from './messages.ts'
import { addProcessMetrics } from './process_metrics.ts'
import { refusalOf } from './refusal.ts'
import { runChild } from './run_child.ts'
import { sumText } from './snapshots.ts'

const answerGraceMs = 2000
const openAgainMs = 2000
const tellMs = 1000
const lagHelp =
  'How long ago was the latest moment up to which everything acknowledged is in the database; 0 when nothing waits.'

/** What changes while the engine runs. */
type State = {
  config: Config
  others: readonly Snapshot[]
  database: EngineDatabase | undefined
  progress: Progress
}

export function engine(): Promise<void> {
  return runChild('engine', serve)
}

async function serve(link: Link): Promise<void> {
  const { settings } = link.start
  const { config } = link.start
  const state: State = { config, others: [], database: undefined, progress: { acknowledgedAt: Date.now() } }
  const logError = createErrorLog(createLog(settings, 'engine'), Date.now)
  const stopping = new AbortController()
  link.onMessage(message => {
    if (message.kind === 'config') state.config = message.config
    else if (message.kind === 'snapshots') state.others = message.snapshots
    else if (message.kind === 'progress') state.progress = message.progress
    else if (message.kind === 'stop') stopping.abort()
  })
  const server = httpServer(privateApp(privateParts(link, state, logError)))
  link.send({ kind: 'listening', port: await listen(server, settings.adminPort, settings.adminHost) })
  tellLoaded(link, state)
  state.database = await openWhenThere(link, state, stopping.signal)
  if (state.database) {
    link.send({ kind: 'ready' })
    await engineLoop({ ...state.database, signal: stopping.signal, logError })
  }
  await closeServer(server, answerGraceMs)
  await state.database?.store.close()
  process.exit(0)
}

/** A database server may come later than we do; the embedded one opens or says why not. Undefined: told to stop meanwhile. */
async function openWhenThere(
  { start }: Link,
  state: State,
  signal: AbortSignal,
): Promise<EngineDatabase | undefined> {
  const sayAway = awayLog(start)
  while (!signal.aborted) {
    try {
      return await openDatabase(start.settings, () => state.config)
    } catch (error) {
      if (refusalOf(error, start.settings) !== undefined) throw error
      sayAway(error)
    }
    await sleep(openAgainMs, undefined, { signal }).catch(() => {})
  }
  return undefined
}

/** One line for people; what exactly failed is for who looks for it. */
function awayLog({ settings }: ChildStart): (error: unknown) => void {
  const log = createLog(settings, 'engine')
  const name = maskUrl(settings.clickhouseUrl) ?? 'in the data directory'
  let isSaid = false
  return error => {
    if (!isSaid)
      log.warn(`the database ${name} does not open; events wait in the spool, and it is tried again`)
    isSaid = true
    log.debug(describeError(error), 'open the database')
  }
}

/** From the first moment on, so that the lag is known also while the database is away. */
function tellLoaded(link: Link, state: State): void {
  const tell = async () =>
    link.send({ kind: 'loaded', until: await loadedUntil(link.start.settings, state.database) })
  void tell()
  setInterval(tell, tellMs)
}

function privateParts({ start }: Link, state: State, logError: PrivateParts['logError']): PrivateParts {
  const { settings, publicUrl } = start
  const registry = new Registry()
  addProcessMetrics(registry, 'engine')
  addEngineMetrics(registry, settings.dataDirectory, () => state.database)
  addGauge(registry, 'lightfoot_lag_seconds', lagHelp, async () => {
    const until = await loadedUntil(settings, state.database)
    return lagSeconds({ ...state.progress, loadedUntil: until }, Date.now()) ?? 0
  })
  return {
    config: () => state.config,
    now: Date.now,
    database: () => state.database,
    lagSeconds: () => lagSeconds(state.progress, Date.now()),
    status: () => engineStatus(start, state.database),
    metrics: async () => sumText([...state.others, await registry.getMetricsAsJSON()]),
    publicUrl,
    tracker: readTrackerFiles(join(packageRoot(), 'dist/tracker')),
    dashboardDirectory: join(packageRoot(), 'dist/dashboard'),
    token: settings.adminToken,
    host: settings.adminHost,
    logError,
  }
}
