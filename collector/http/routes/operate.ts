// What an operator asks of the running product: status, snippet, migrations, metrics, folding days again, and offering the
// database again what it refused.

import { type Request, type Response, Router } from 'express'
import { z } from 'zod'
import { findSite } from '../../config/find_site.ts'
import { isDay } from '../../pipeline/day.ts'
import { Failure, sendJson } from '../failures.ts'
import type { Database, PrivateParts } from '../private_parts.ts'
import { readJson } from '../read_body.ts'
import { snippet } from '../snippet.ts'

const dayShape = z.string().refine(isDay)
const foldShape = z.strictObject({ from: dayShape, to: dayShape }).refine(({ from, to }) => from <= to)

const replayShape = z.strictObject({ loads: z.array(z.int().positive()).max(1000).optional() })

export function operateRoute(parts: PrivateParts): Router {
  const router = Router()
  router.get('/api/status', async (_request, response) => sendJson(response, 200, await parts.status()))
  router.get('/api/snippet', (request, response) => {
    const site = findSite(parts.config(), String(request.query.site ?? ''))
    if (!site) throw new Failure('wrong_parameter', 'site is the id of a site; GET /api/sites lists them.')
    const collector = askedCollector(request.query.collector) ?? parts.publicUrl
    const core = request.query.core === '1'
    sendJson(response, 200, { site: site.id, collector, snippet: snippet(site, { collector, core }) })
  })
  router.get('/api/migrations', async (_request, response) => {
    sendJson(response, 200, { migrations: await openDatabase(parts).migrations() })
  })
  router.get('/metrics', async (_request, response) => {
    const body = await parts.metrics()
    response.writeHead(200, {
      'Content-Type': 'text/plain; version=0.0.4; charset=utf-8',
      'Cache-Control': 'no-store',
    })
    response.end(body)
  })
  router.post('/api/fold', async (request, response) => {
    const asked = foldShape.safeParse(await readOrder(request))
    if (!asked.success)
      throw new Failure('not_valid', 'from and to are days such as 2026-02-28, from not after to.')
    const { from, to } = asked.data
    const { foldDays } = openDatabase(parts)
    await workAndTell(parts, response, 'fold', tell => foldDays(from, to, tell))
  })
  router.post('/api/spool/replay', async (request, response) => {
    const asked = replayShape.safeParse(await readOrder(request))
    if (!asked.success)
      throw new Failure('not_valid', 'loads is a list of load numbers; without it all are replayed.')
    const { replay } = openDatabase(parts)
    await workAndTell(parts, response, 'replay', tell => replay(asked.data.loads, tell))
  })
  return router
}

/** The origin of an address, `https://stats.example.com/x → https://stats.example.com`; undefined when none was given. */
function askedCollector(given: unknown): string | undefined {
  if (given === undefined) return undefined
  const address = String(given)
  if (/^https?:\/\//.test(address) && URL.canParse(address)) return new URL(address).origin
  throw new Failure('wrong_parameter', 'collector is an address such as https://stats.example.com.')
}

const orderBytesMax = 16 * 1024

/** A form of another site's page cannot send this type. */
function readOrder(request: Request): Promise<unknown> {
  if (request.headers['content-type'] !== 'application/json') throw new Failure('wrong_type')
  return readJson(request, orderBytesMax)
}

/** One line of JSON a step while it goes on, so that the command can show progress; the last says how it ended. */
async function workAndTell(
  parts: PrivateParts,
  response: Response,
  name: string,
  work: (tell: (line: object) => void) => Promise<void>,
): Promise<void> {
  response.writeHead(200, { 'Content-Type': 'application/x-ndjson', 'Cache-Control': 'no-store' })
  const tell = (line: unknown) => response.write(`${JSON.stringify(line)}\n`)
  try {
    await work(tell)
    tell({ finished: true })
  } catch (error) {
    parts.logError(error, name)
    tell({ finished: false })
  }
  response.end()
}

function openDatabase(parts: PrivateParts): Database {
  const database = parts.database()
  if (!database) throw new Failure('engine_away')
  return database
}
