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
  router.get('/privacy', (request, response) => {
    const asked = request.query.site
    const sites = config().sites.filter(site => asked === undefined || site.id === asked)
    if (sites.length === 0) throw new Failure('not_found')
    const body = Buffer.from(privacyPage(config(), sites))
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
