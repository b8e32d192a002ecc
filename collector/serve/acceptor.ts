// An acceptor: takes requests, runs the pipeline, appends to its own segment and answers. It holds no database code, so
// it goes on while the engine is away.

import { join } from 'node:path'
import type { Config } from '../config/config.ts'
import { packageRoot } from '../config/package_root.ts'
import type { AcceptorMetrics } from '../http/acceptor_metrics.ts'
import { publicApp } from '../http/public_app.ts'
import type { PublicParts } from '../http/public_parts.ts'
import { readTrackerFiles } from '../http/tracker_files.ts'
import type { DayKeys } from '../privacy/day_keys.ts'
import type { QuotaState, SpoolQuota } from '../spool/quota.ts'
import { acceptorParts } from './acceptor_parts.ts'
import type { Link } from './child_link.ts'
import { createConnectionMetrics } from './connection_metrics.ts'
import { closeServer, httpServer, listen } from './http_server.ts'
import { lagSeconds, type Progress, watchAcknowledged } from './lag.ts'
import { createLog, type Log } from './log.ts'
import { addProcessMetrics } from './process_metrics.ts'
import { runChild } from './run_child.ts'
import { addSpoolMetrics } from './spool_metrics.ts'

const tendMs = 60_000
const metricsMs = 1000
/** No public answer takes so long: who has not read by then does not read. */
const stillMs = 30_000
/** Under the supervisor's own patience. */
const answerGraceMs = 5000

export function acceptor(): Promise<void> {
  return runChild('acceptor', serve)
}

async function serve(link: Link): Promise<void> {
  const { settings, slot } = link.start
  const { parts, writer, quota, dayKeys } = await acceptorParts(
    link.start,
    readTrackerFiles(join(packageRoot(), 'dist/tracker')),
  )
  let config = link.start.config
  let progress: Progress = { acknowledgedAt: Date.now() }
  const acknowledgedAt = watchAcknowledged(() => writer.stats().records, Date.now)
  const lag = () => {
    const newest = Math.max(progress.acknowledgedAt, acknowledgedAt())
    return lagSeconds({ ...progress, acknowledgedAt: newest }, Date.now())
  }
  const name = `acceptor-${slot}`
  const connections = createConnectionMetrics(parts.metrics.registry, name)
  const app = publicApp({ ...parts, config: () => config, lagSeconds: lag })
  const server = httpServer(app, { stillMs }, connections.cut)
  connections.watch(server)
  addProcessMetrics(parts.metrics.registry, name)
  addSpoolMetrics(parts.metrics.registry, writer, quota)
  watchQuota(quota, createLog(settings, name))
  tendKeys(dayKeys, () => config, parts.logError)
  tellMetrics(link, parts.metrics)
  setInterval(() => link.send({ kind: 'acknowledged', at: acknowledgedAt() }), metricsMs)
  // A stop may have come during a slow start, and is heard at once.
  const stop = async () => {
    await closeServer(server, answerGraceMs)
    await Promise.all([writer.close(), parts.ledger.close()])
    process.exit(0)
  }
  link.onMessage(message => {
    if (message.kind === 'config') config = message.config
    else if (message.kind === 'progress') progress = message.progress
    else if (message.kind === 'stop') void stop()
  })
  const port = await listen(server, settings.port, settings.host)
  link.send({ kind: 'listening', port })
}

/** Made a day ahead and destroyed in time, by every acceptor: whoever comes first does it. */
function tendKeys(dayKeys: DayKeys, config: () => Config, logError: PublicParts['logError']): void {
  const tend = () => {
    try {
      dayKeys.tend(zonesOf(config()))
    } catch (error) {
      logError(error, 'day keys')
    }
  }
  tend()
  setInterval(tend, tendMs)
}

const quotaWords = {
  ok: 'the spool has room again',
  warn: '70 % of the room of the spool is taken: the database is away or too slow, or the disk fills',
  full: '85 % of the room of the spool is taken: events are refused with 503 until the database takes what waits, or the disk has room',
} as const satisfies Record<QuotaState, string>

/** One line when it changes. */
function watchQuota(quota: SpoolQuota, log: Log): void {
  let before: QuotaState = 'ok'
  setInterval(async () => {
    // Also while no request comes: the disk may fill from elsewhere.
    await quota.refresh().catch(() => {})
    const state = quota.state()
    if (state !== before) log.warn({ usedShare: Number(quota.usedShare().toFixed(3)) }, quotaWords[state])
    before = state
  }, metricsMs)
}

function zonesOf(config: Config): string[] {
  return [...new Set(config.sites.map(site => site.timezone))]
}

function tellMetrics(link: Link, { registry }: AcceptorMetrics): void {
  setInterval(
    async () => link.send({ kind: 'metrics', snapshot: await registry.getMetricsAsJSON() }),
    metricsMs,
  )
}
