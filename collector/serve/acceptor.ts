// An acceptor: takes requests, runs the pipeline, appends to its own segment and answers. It holds no database code, so
// it goes on while the engine is away.

import type { Config } from '../config/config.ts'
import type { AcceptorMetrics } from '../http/acceptor_metrics.ts'
import { publicApp } from '../http/public_app.ts'
import type { PublicParts } from '../http/public_parts.ts'
import { acceptorParts } from './acceptor_parts.ts'
import { type Link, linkToSupervisor } from './child_link.ts'
import { closeServer, httpServer, listen } from './http_server.ts'
import { addProcessMetrics } from './process_metrics.ts'
import { refusalOf } from './refusal.ts'
import { addSpoolMetrics } from './spool_metrics.ts'

const tendMs = 60_000
const metricsMs = 1000
/** Under the supervisor's own patience. */
const answerGraceMs = 5000

export async function acceptor(): Promise<void> {
  const link = await linkToSupervisor()
  try {
    await serve(link)
  } catch (error) {
    const message = refusalOf(error, link.start.settings)
    if (message === undefined) throw error
    link.refuse(message)
  }
}

async function serve(link: Link): Promise<void> {
  const { settings, slot } = link.start
  const { parts, writer, dayKeys } = await acceptorParts(link.start)
  let config = link.start.config
  const server = httpServer(publicApp({ ...parts, config: () => config }))
  addProcessMetrics(parts.metrics.registry, `acceptor-${slot}`)
  addSpoolMetrics(parts.metrics.registry, writer)
  keepTending(() => dayKeys.tend(zonesOf(config)), parts.logError, 'day keys')
  keepTending(() => parts.ledger.tend(Date.now()), parts.logError, 'consent ledger')
  tellMetrics(link, parts.metrics)
  link.onMessage(message => {
    if (message.kind === 'config') config = message.config
    else if (message.kind === 'stop') void stop()
  })
  const stop = async () => {
    await closeServer(server, answerGraceMs)
    await Promise.all([writer.close(), parts.ledger.close()])
    process.exit(0)
  }
  const port = await listen(server, settings.port, settings.host)
  link.send({ kind: 'listening', port })
}

/**
 * Day keys are made a day ahead and destroyed in time, old proofs of consent are removed: by every acceptor, since whoever
 * comes first does it.
 */
function keepTending(
  tend: () => void | Promise<void>,
  logError: PublicParts['logError'],
  what: string,
): void {
  const attempt = async () => {
    try {
      await tend()
    } catch (error) {
      logError(error, what)
    }
  }
  void attempt()
  setInterval(attempt, tendMs)
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
