// POST /v1/events: one batch through the gate, the pipeline and the spool. 202 is sent only after the rows are durable.

import type { NextFunction, Request, RequestHandler, Response } from 'express'
import type { Batch } from '../../../contract/events.ts'
import { limits } from '../../../contract/limits.ts'
import { validateBatch } from '../../../contract/validate.ts'
import type { Site } from '../../config/config.ts'
import { findSite } from '../../config/find_site.ts'
import { ingest } from '../../pipeline/ingest.ts'
import type { Received } from '../../pipeline/stages.ts'
import { Failure } from '../failures.ts'
import { type HeaderList, setHeaders } from '../header_list.ts'
import { hasObjected } from '../objection_cookie.ts'
import type { PublicParts } from '../public_parts.ts'
import { readJson } from '../read_body.ts'
import { checkOrigin } from '../request_origin.ts'

export const eventsPath = '/v1/events'

/**
 * Nearly all requests are of this route, so it stands first and finds itself by one comparison: as a route of a router of
 * its own, behind the layers that all requests pass, it took 11 µs more. `headers` are those of its answers, good and bad.
 */
export function eventsRoute(parts: PublicParts, headers: HeaderList): RequestHandler {
  const fixed = [
    ...headers,
    'Content-Type',
    'application/json; charset=utf-8',
    'Cache-Control',
    'no-store',
    'Content-Length',
  ]
  return (request, response, next) => {
    if (!isEvents(request)) next()
    else void takeEvents(parts, request, response, fixed).catch(error => refuse(error, response, next))
  }

  function refuse(error: unknown, response: Response, next: NextFunction): void {
    setHeaders(response, headers)
    response.on('finish', () => parts.metrics.answered(eventsPath, response.statusCode))
    next(error)
  }
}

/** Other spellings, such as `/v1/events/?x=1`, are the same route, as Express has it. */
function isEvents(request: Request): boolean {
  return request.method === 'POST' && (request.url === eventsPath || /^\/v1\/events\/?$/i.test(request.path))
}

/** One function from the body to the answer, because each `await` and each promise in between is a turn of the queue. */
async function takeEvents(
  parts: PublicParts,
  request: Request,
  response: Response,
  fixed: HeaderList,
): Promise<void> {
  const client = parts.clientHead(request)
  const batch = parseBatch(await readJson(request))
  const ingested = ingest(received(parts, request, batch), client(), parts.lookups)
  if (ingested.rowCount > 0) {
    const start = performance.now()
    try {
      await parts.append(ingested)
    } catch (error) {
      parts.logError(error, 'spool append')
      throw new Failure('not_durable')
    }
    parts.metrics.durable((performance.now() - start) / 1000)
  }
  const { accepted, dropped, notices } = ingested
  parts.metrics.ingested(accepted, dropped, notices)
  parts.metrics.answered(eventsPath, 202)
  const body = `{"accepted":${accepted},"dropped":${JSON.stringify(dropped)}}`
  response.writeHead(202, [...fixed, String(body.length)])
  response.end(body)
}

/** What the pipeline is told: the batch, its site, and what the headers say. Throws Failure unless it is of that site's pages. */
function received(parts: PublicParts, { headers }: Request, batch: Batch): Received {
  const site = siteOf(parts, batch)
  checkOrigin(site, headers)
  return {
    site,
    batch,
    channel: 'tracker',
    gpc: headers['sec-gpc'] === '1',
    dnt: headers.dnt === '1',
    objected: hasObjected(headers.cookie),
    userAgent: headers['user-agent'] ?? '',
    receivedAt: parts.now(),
  }
}

function parseBatch(value: unknown): Batch {
  if (hasTooManyEvents(value)) throw new Failure('too_many_events')
  const checked = validateBatch(value)
  if (!checked.ok) {
    throw new Failure(
      'not_valid',
      checked.path === '' ? checked.message : `${checked.path}: ${checked.message}`,
    )
  }
  return checked.batch
}

function hasTooManyEvents(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || !('events' in value)) return false
  return Array.isArray(value.events) && value.events.length > limits.eventsMax
}

function siteOf(parts: PublicParts, batch: Batch): Site {
  const site = findSite(parts.config(), batch.site)
  if (site) return site
  parts.metrics.ingested(0, { unknown_site: batch.events.length }, [])
  throw new Failure('unknown_site')
}
