// CORS of /v1/*: any page may ask, without credentials; whether its origin is the site's own is checked by each route.
// The tracker sends text/plain, which needs no preflight; this is for clients that send application/json.

import { Router } from 'express'
import { type HeaderList, setHeaders } from '../header_list.ts'

export const corsHeaders: HeaderList = [
  'Access-Control-Allow-Origin',
  '*',
  // The tracker waits as long as a 503 asks for.
  'Access-Control-Expose-Headers',
  'Retry-After',
]

export function preflightRoute(): Router {
  const router = Router()
  router.use('/v1', (request, response, next) => {
    setHeaders(response, corsHeaders)
    if (request.method !== 'OPTIONS') {
      next()
      return
    }
    response.writeHead(204, {
      'Access-Control-Allow-Methods': 'GET, POST',
      'Access-Control-Allow-Headers': 'Content-Type, Content-Encoding',
      'Access-Control-Max-Age': '86400',
    })
    response.end()
  })
  return router
}
