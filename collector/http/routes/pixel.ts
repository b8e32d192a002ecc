// GET /v1/pixel.gif?site=S&path=P: a page view of a browser without scripts, by an image in <noscript>. It passes the same
// gate and the same pipeline as a batch, exempt only: nothing that could show a choice runs there. Whatever becomes of it, the
// answer is an image, so that no page shows a broken one; why nothing was counted is in its status and in one header.

import { randomBytes } from 'node:crypto'
import { type Request, type Response, Router } from 'express'
import type { Batch } from '../../../contract/events.ts'
import { validateBatch } from '../../../contract/validate.ts'
import type { Site } from '../../config/config.ts'
import { findSite } from '../../config/find_site.ts'
import { ingest } from '../../pipeline/ingest.ts'
import type { Ingested } from '../../pipeline/stages.ts'
import { Failure } from '../failures.ts'
import { hasObjected } from '../objection_cookie.ts'
import type { PublicParts } from '../public_parts.ts'
import { checkOrigin, requestOrigin } from '../request_origin.ts'

export const pixelPath = '/v1/pixel.gif'

/** One transparent pixel, 43 bytes. */
const image = Buffer.from('R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAICRAEAOw==', 'base64')

/** `counted`, the reason for which it was dropped, or the code of the failure: what a site's owner sees in developer tools. */
const outcomeHeader = 'Lightfoot-Outcome'

export function pixelRoute(parts: PublicParts): Router {
  const router = Router()
  // Express would answer HEAD by GET, and whoever looks whether the image is there has seen no page.
  router.head(pixelPath, (_request, response) => sendImage(response, 200))
  router.get(pixelPath, async (request, response) => {
    try {
      response.setHeader(outcomeHeader, await takeView(parts, request))
      sendImage(response, 200)
    } catch (error) {
      if (!(error instanceof Failure)) throw error
      response.setHeader(outcomeHeader, error.code)
      if (error.retrySeconds !== undefined) response.setHeader('Retry-After', String(error.retrySeconds))
      sendImage(response, error.status)
    }
  })
  return router
}

function sendImage(response: Response, status: number): void {
  response.writeHead(status, {
    'Content-Type': 'image/gif',
    'Content-Length': image.length,
    // Each page view is asked for anew, and nobody's cache keeps which pages were seen.
    'Cache-Control': 'no-store',
  })
  response.end(image)
}

/** Resolves once the view is durable, or dropped. Throws Failure for a request that is not of the site's pages. */
async function takeView(parts: PublicParts, request: Request): Promise<string> {
  const client = parts.clientHead(request)
  const site = askedSite(parts, request)
  checkOrigin(site, request.headers)
  const received = {
    site,
    batch: batchOf(site, pageUrl(request)),
    channel: 'pixel',
    gpc: request.headers['sec-gpc'] === '1',
    dnt: request.headers.dnt === '1',
    objected: hasObjected(request.headers.cookie),
    userAgent: request.headers['user-agent'] ?? '',
    receivedAt: parts.now(),
  } as const
  const ingested = ingest(received, client(), parts.lookups)
  if (ingested.rowCount > 0) await append(parts, ingested)
  const { accepted, dropped, notices } = ingested
  // A page without scripts says nothing of signals, so its headers cannot disagree with it.
  parts.metrics.ingested(
    accepted,
    dropped,
    notices.filter(notice => notice !== 'signals_disagree'),
  )
  const [reason = 'counted'] = Object.keys(dropped)
  return reason
}

function askedSite(parts: PublicParts, { query }: Request): Site {
  const id = query.site
  if (typeof id !== 'string') throw new Failure('wrong_parameter')
  const site = findSite(parts.config(), id)
  if (site) return site
  parts.metrics.ingested(0, { unknown_site: 1 }, [])
  throw new Failure('unknown_site')
}

/**
 * The path on the origin that the request comes from; `checkOrigin` has found that one to be the site's. A query or a fragment
 * that a template wrote behind the path stays here.
 */
function pageUrl({ headers, query }: Request): string {
  const { path } = query
  if (typeof path !== 'string' || !path.startsWith('/')) throw new Failure('wrong_parameter')
  return `${requestOrigin(headers)}${path.replace(/[?#].*$/s, '')}`
}

/** As a page would send it. Its ids are made here: an image is never asked for again as a retry. */
function batchOf(site: Site, url: string): Batch {
  const checked = validateBatch({
    v: 1,
    site: site.id,
    batch: randomBytes(16).toString('base64url'),
    sent: 0,
    consent: { level: 'exempt', purposes: 0, policy: site.policy, signal: 'default' },
    pages: [{ id: randomBytes(8).toString('base64url'), url }],
    events: [{ type: 'pageview', page: 0, seq: 0, at: 0 }],
  })
  // Of all this only the path is not ours: it is too long.
  if (!checked.ok) throw new Failure('wrong_parameter')
  return checked.batch
}

async function append(parts: PublicParts, ingested: Ingested): Promise<void> {
  const start = performance.now()
  try {
    await parts.append(ingested)
  } catch (error) {
    parts.logError(error, 'spool append')
    throw new Failure('not_durable')
  }
  parts.metrics.durable((performance.now() - start) / 1000)
}
