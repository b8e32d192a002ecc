// POST /api/import/calls?site=S: a list of calls, CSV or NDJSON, read as it comes. What happens is told as NDJSON: each line that
// is refused, how far it is, and at the end what came of it. Nothing of a line is ever repeated.

import { type Request, type Response, Router } from 'express'
import type { Site } from '../../config/config.ts'
import { findSite } from '../../config/find_site.ts'
import { type CallFormat, CallHeaderError } from '../../imports/call_fields.ts'
import { CallListTooLong, callsMax } from '../../imports/import_calls.ts'
import { Failure } from '../failures.ts'
import type { PrivateParts } from '../private_parts.ts'
import { discardRest } from '../read_body.ts'

const formats: Readonly<Record<string, CallFormat>> = {
  'text/csv': 'csv',
  'application/x-ndjson': 'ndjson',
  'application/ndjson': 'ndjson',
}

export function importsRoute(parts: PrivateParts): Router {
  const router = Router()
  router.post('/api/import/calls', async (request, response) => {
    try {
      await takeCalls(parts, request, response)
    } catch (error) {
      discardRest(request)
      throw error
    }
  })
  return router
}

async function takeCalls(parts: PrivateParts, request: Request, response: Response): Promise<void> {
  const site = askedSite(parts, request)
  const format = askedFormat(request)
  const isDryRun = request.query.dry === '1'
  const database = parts.database()
  if (!database) throw new Failure('engine_away')
  response.writeHead(200, { 'Content-Type': 'application/x-ndjson', 'Cache-Control': 'no-store' })
  response.flushHeaders()
  const tell = (line: object) => response.write(`${JSON.stringify(line)}\n`)
  try {
    const counts = await database.importCalls({ source: request, format, site, isDryRun }, tell)
    tell({ finished: true, ...counts })
  } catch (error) {
    tell({ finished: false, message: messageOf(error) })
    if (!isExpected(error) && !request.destroyed) parts.logError(error, 'import calls')
    discardRest(request)
  }
  response.end()
}

function askedSite(parts: PrivateParts, { query }: Request): Site {
  const site = findSite(parts.config(), String(query.site ?? ''))
  if (!site) throw new Failure('wrong_parameter', 'site is the id of a site; GET /api/sites lists them.')
  const problem = noNumbers(site)
  if (problem !== undefined) throw new Failure('wrong_parameter', problem)
  return site
}

/** Without its own numbers nothing of a call may be kept. */
export function noNumbers({ id, numbers }: Site): string | undefined {
  return numbers.length > 0
    ? undefined
    : `site ${id} declares no numbers of its own: name them in its key "numbers"`
}

/** A form of another site's page can send neither type. */
function askedFormat({ headers }: Request): CallFormat {
  const type = (headers['content-type'] ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? ''
  const format = formats[type]
  if (format === undefined)
    throw new Failure('wrong_type', 'The content type is text/csv or application/x-ndjson.')
  if (headers['content-encoding'] !== undefined)
    throw new Failure('wrong_encoding', 'A list of calls is sent without content encoding.')
  return format
}

function isExpected(error: unknown): boolean {
  return error instanceof CallHeaderError || error instanceof CallListTooLong
}

function messageOf(error: unknown): string {
  if (error instanceof CallHeaderError) return error.message
  if (error instanceof CallListTooLong)
    return `a list has at most ${callsMax.toLocaleString('en')} calls: so many are in, divide the rest`
  return 'it could not be stored; the log says why. Import it again: what is in is not counted twice'
}
