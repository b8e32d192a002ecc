// What an operator asks of the running product: status, snippet, migrations, metrics, and folding days again.

import { type Response, Router } from 'express'
import { z } from 'zod'
import { findSite } from '../../config/find_site.ts'
import { isDay } from '../../pipeline/day.ts'
import { Failure, sendJson } from '../failures.ts'
import type { Database, PrivateParts } from '../private_parts.ts'
import { readJson } from '../read_body.ts'
import { snippet } from '../snippet.ts'

const dayShape = z.string().refine(isDay)
const foldShape = z.strictObject({ from: dayShape, to: dayShape }).refine(({ from, to }) => from <= to)

export function operateRoute(parts: PrivateParts): Router {
  const router = Router()
  router.get('/api/status', async (_request, response) => sendJson(response, 200, await parts.status()))
  router.get('/api/snippet', (request, response) => {
    const site = findSite(parts.config(), String(request.query.site ?? ''))
    if (!site) throw new Failure('wrong_parameter', 'site is the id of a site; GET /api/sites lists them.')
    sendJson(response, 200, { site: site.id, snippet: snippet(site, { collector: parts.publicUrl }) })
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
    if (request.headers['content-type'] !== 'application/json') throw new Failure('wrong_type')
    const asked = foldShape.safeParse(await readJson(request, 1024))
    if (!asked.success)
      throw new Failure('not_valid', 'from and to are days such as 2026-02-28, from not after to.')
    await foldAndTell(parts, response, asked.data)
  })
  return router
}

/** One line of JSON a day while it goes on, so that the command can show progress; the last says how it ended. */
async function foldAndTell(
  parts: PrivateParts,
  response: Response,
  asked: { from: string; to: string },
): Promise<void> {
  const { foldDays } = openDatabase(parts)
  response.writeHead(200, { 'Content-Type': 'application/x-ndjson', 'Cache-Control': 'no-store' })
  const tell = (line: unknown) => response.write(`${JSON.stringify(line)}\n`)
  try {
    await foldDays(asked.from, asked.to, progress => tell(progress))
    tell({ finished: true })
  } catch (error) {
    parts.logError(error, 'fold')
    tell({ finished: false })
  }
  response.end()
}

function openDatabase(parts: PrivateParts): Database {
  const database = parts.database()
  if (!database) throw new Failure('engine_away')
  return database
}
