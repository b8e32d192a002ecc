// The engine: owns the database. Opens and recovers it, loads the spool, folds the days, answers the private listener.
// The listener comes first, so that status and metrics can be read while the database is away.

import { setPriority } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Config } from '../config/config.ts'
import { maskUrl } from '../config/describe_settings.ts'
import { packageRoot } from '../config/package_root.ts'
import { privateApp } from '../http/private_app.ts'
import type { PrivateParts } from '../http/private_parts.ts'
import { readTrackerFiles } from '../http/tracker_files.ts'
import { StoreError } from '../store/store.ts'
import { type AwayNotes, createAwayNotes } from './away_notes.ts'
import type { Link } from './child_link.ts'
import { type EngineDatabase, openDatabase } from './engine_database.ts'
import { type EngineFigures, type EngineState, engineFigures } from './engine_figures.ts'
import { engineLoop } from './engine_loop.ts'
import { engineStatus } from './engine_status.ts'
import { createErrorLog } from './error_log.ts'
import { closeServer, httpServer, listen } from './http_server.ts'
import { lagSeconds } from './lag.ts'
import { createLog, describeError, type Log } from './log.ts'
import { refusalOf } from './refusal.ts'
import { runChild } from './run_child.ts'
import { steadyNow } from './steady_now.ts'
import { createZoneNotes } from './zone_notes.ts'

const answerGraceMs = 2000
const openAgainMs = 2000
/** A list of calls is read as fast as it is worked on, and that takes a minute for the longest. */
const importMsMax = 10 * 60_000

type State = EngineState & { config: Config }

export function engine(): Promise<void> {
  return runChild('engine', serve)
}

/**
 * Who sends waits for the acceptors, nobody for the engine: its inserts and folds take the processor when those leave it.
 * Before any thread of the database is made, since threads inherit it. Measured on two cores at half of the highest rate:
 * p99 of a durable answer is 4.1 times fdatasync's instead of 5.4 to 6.6, and as many events are stored a second. Niceness
 * 10 gains little more (3.9 to 4.3), and beside other programs reports then wait for minutes.
 */
const niceness = 5

async function serve(link: Link): Promise<void> {
  setPriority(niceness)
  const { settings, config } = link.start
  const progress = { acknowledgedAt: Date.now() }
  const state: State = { config, snapshots: [], database: undefined, progress }
  const log = createLog(settings, 'engine')
  const logError = createErrorLog(log, Date.now)
  const noteZones = createZoneNotes(settings, log, logError)
  const away = createAwayNotes(log, maskUrl(settings.clickhouseUrl) ?? 'in the data directory', steadyNow)
  const stopping = new AbortController()
  link.onMessage(message => {
    if (message.kind === 'config') {
      state.config = message.config
      noteZones(message.config)
    } else if (message.kind === 'snapshots') state.snapshots = message.snapshots
    else if (message.kind === 'progress') state.progress = message.progress
    else if (message.kind === 'stop') stopping.abort()
  })
  noteZones(config)
  const figures = engineFigures(link, state)
  const app = privateApp(privateParts(link, state, figures, logError))
  const server = httpServer(app, { requestMs: importMsMax })
  link.send({ kind: 'listening', port: await listen(server, settings.adminPort, settings.adminHost) })
  state.database = await openWhenThere(link, state, figures, { away, log, signal: stopping.signal })
  if (state.database) {
    link.send({ kind: 'ready' })
    await engineLoop({
      ...state.database,
      signal: stopping.signal,
      logError(error, where) {
        if (where === 'fold') figures.watch.foldFailed()
        // Of a server that is away there is one line already.
        if (settings.clickhouseUrl === undefined || !isUnavailable(error)) logError(error, where)
      },
    })
  }
  await closeServer(server, answerGraceMs)
  await state.database?.store.close()
  process.exit(0)
}

/** A database server may come later than we do; the embedded one opens or says why not. Undefined: told to stop meanwhile. */
async function openWhenThere(
  { start }: Link,
  state: State,
  { watch }: EngineFigures,
  { away, log, signal }: { away: AwayNotes; log: Log; signal: AbortSignal },
): Promise<EngineDatabase | undefined> {
  while (!signal.aborted) {
    try {
      return await openDatabase(start.settings, () => state.config, {
        watch,
        away,
        note: line => log.warn(line),
      })
    } catch (error) {
      if (refusalOf(error, start.settings) !== undefined) throw error
      away.failed(error)
      log.debug(describeError(error), 'open the database')
    }
    await sleep(openAgainMs, undefined, { signal }).catch(() => {})
  }
  return undefined
}

function isUnavailable(error: unknown): boolean {
  return error instanceof StoreError && error.kind === 'unavailable'
}

function privateParts(
  { start }: Link,
  state: State,
  { metrics }: EngineFigures,
  logError: PrivateParts['logError'],
): PrivateParts {
  const { settings, publicUrl } = start
  return {
    config: () => state.config,
    now: Date.now,
    database: () => state.database,
    lagSeconds: () => lagSeconds(state.progress, Date.now()),
    status: () => engineStatus(start, state.database),
    metrics,
    publicUrl,
    tracker: readTrackerFiles(join(packageRoot(), 'dist/tracker')),
    dashboardDirectory: join(packageRoot(), 'dist/dashboard'),
    token: settings.adminToken,
    host: settings.adminHost,
    logError,
  }
}
