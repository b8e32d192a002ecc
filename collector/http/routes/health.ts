// GET /healthz: the process answers. GET /readyz: it can append durably, so traffic may be sent here.

import { Router } from 'express'
import { sendJson } from '../failures.ts'

export function healthRoute(isReady: () => boolean): Router {
  const router = Router()
  router.get('/healthz', (_request, response) => sendJson(response, 200, { status: 'alive' }))
  router.get('/readyz', (_request, response) => {
    if (isReady()) sendJson(response, 200, { status: 'ready' })
    else sendJson(response, 503, { status: 'not ready' })
  })
  return router
}
