// POST /v1/events: one batch through the gate, the pipeline and the spool. 202 is sent only after the rows are durable.

import type { NextFunction, Request, RequestHandler, Response } from 'express'
import type { Batch } from '../../../contract/events.ts'
import { limits } from '../../../contract/limits.ts'
import { validateBatch } from '../../../contract/validate.ts'
import type { Site } from '../../config/config.ts'
import { findSite } from '../../config/find_site.ts'
import { ingest } from '../../pipeline/ingest.ts'
import type { Ingested, Received } from '../../pipeline/stages.ts'
import { Failure } from '../failures.ts'
import { type HeaderList, setHeaders } from '../header_list.ts'
import type { PublicParts } from '../public_parts.ts'
import { readJson } from '../read_body.ts'
import { checkOrigin } from '../request_origin.ts'

const path = '/v1/events'

/**
 * Nearly all requests are of this route, so it stands first and finds itself by one comparison: as a route of a router of
 * its own, behind the layers that all requests pass, it took 11 µs more. `headers` are those of its answers, good and bad.
 */
export function eventsRoute(parts: PublicParts, headers: HeaderList): RequestHandler {
  const answerHeaders = [
    ...headers,
    'Content-Type',
    'application/json; charset=utf-8',
    'Cache-Control',
    'no-store',
    'Content-Length',
  ]
  return (request, response, next) => {
    if (!isEvents(request)) next()
    else void answer(parts, request, response, next, headers, answerHeaders)
  }
}

/** Other spellings, such as `/v1/events/?x=1`, are the same route, as Express has it. */
function isEvents(request: Request): boolean {
  return request.method === 'POST' && (request.url === path || /^\/v1\/events\/?$/i.test(request.path))
}

async function answer(
  parts: PublicParts,
  request: Request,
  response: Response,
  next: NextFunction,
  headers: HeaderList,
  answerHeaders: HeaderList,
): Promise<void> {
  try {
    const { accepted, dropped } = await takeEvents(parts, request)
    const body = JSON.stringify({ accepted, dropped })
    response.writeHead(202, [...answerHeaders, String(body.length)])
    response.end(body)
    parts.metrics.answered(path, 202)
  } catch (error) {
    setHeaders(response, headers)
    response.on('finish', () => parts.metrics.answered(path, response.statusCode))
    next(error)
  }
}

async function takeEvents(parts: PublicParts, request: Request): Promise<Ingested> {
  const client = parts.clientHead(request)
  const batch = parseBatch(await readJson(request))
  const site = siteOf(parts, batch)
  checkOrigin(site, request.headers)
  const received: Received = {
    site,
    batch,
    channel: 'tracker',
    gpc: request.headers['sec-gpc'] === '1',
    dnt: request.headers.dnt === '1',
    objected: objected(request.headers.cookie),
    userAgent: request.headers['user-agent'] ?? '',
    receivedAt: parts.now(),
  }
  const ingested = ingest(received, client(), parts.lookups)
  if (ingested.rowCount > 0) await makeDurable(parts, ingested)
  parts.metrics.ingested(ingested.accepted, ingested.dropped, ingested.notices)
  return ingested
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

/** The cookie that an objection left: `lightfoot_off=1`. */
function objected(cookie: string | undefined): boolean {
  return cookie !== undefined && /(?:^|;\s*)lightfoot_off=1\s*(?:;|$)/.test(cookie)
}

async function makeDurable(parts: PublicParts, ingested: Ingested): Promise<void> {
  const start = performance.now()
  try {
    await parts.append(ingested)
  } catch (error) {
    parts.logError(error, 'spool append')
    throw new Failure('not_durable')
  }
  parts.metrics.durable((performance.now() - start) / 1000)
}
