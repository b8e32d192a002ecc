// GET /privacy, and /privacy?site=ID for one site.

import { createHash } from 'node:crypto'
import { Router } from 'express'
import type { Config } from '../../config/config.ts'
import { Failure } from '../failures.ts'
import { privacyPage } from '../privacy_page.ts'
import { privacyStyle } from '../privacy_style.ts'

const styleHash = createHash('sha256').update(privacyStyle).digest('base64')

export function privacyRoute(config: () => Config): Router {
  const router = Router()
  const page = keptPages(config)
  router.get('/privacy', (request, response) => {
    const body = page(request.query.site)
    if (body === undefined) throw new Failure('not_found')
    response.setHeader(
      'Content-Security-Policy',
      `default-src 'none'; style-src 'sha256-${styleHash}'; frame-ancestors 'none'`,
    )
    response.writeHead(200, {
      'Content-Type': 'text/html; charset=utf-8',
      'Content-Length': body.length,
      'Cache-Control': 'no-cache',
    })
    response.end(request.method === 'HEAD' ? undefined : body)
  })
  return router
}

/**
 * Each page is made once for a configuration: it takes half a millisecond, and whoever asks a thousand times would keep
 * others waiting. Kept are at most the sites' pages and the one of all of them. Undefined where there is no such site.
 */
function keptPages(config: () => Config): (asked: unknown) => Buffer | undefined {
  let of: Config | undefined
  let pages = new Map<unknown, Buffer>()
  return asked => {
    const now = config()
    if (now !== of) pages = new Map()
    of = now
    const sites = now.sites.filter(site => asked === undefined || site.id === asked)
    const kept = pages.get(asked) ?? (sites.length === 0 ? undefined : Buffer.from(privacyPage(now, sites)))
    if (kept) pages.set(asked, kept)
    return kept
  }
}
