// GET /healthz: the process answers. GET /readyz: it can do its work, so traffic may be sent here; and how far the database
// is behind, which is no reason to send traffic elsewhere: what waits for it lies safely in the spool.

import { Router } from 'express'
import { sendJson } from '../failures.ts'

export function healthRoute(isReady: () => boolean, lagSeconds: () => number | null): Router {
  const router = Router()
  router.get('/healthz', (_request, response) => sendJson(response, 200, { status: 'alive' }))
  router.get('/readyz', (_request, response) => {
    const isNow = isReady()
    const status = isNow ? 'ready' : 'not ready'
    sendJson(response, isNow ? 200 : 503, { status, lagSeconds: lagSeconds() })
  })
  return router
}
