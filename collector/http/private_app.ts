// The private listener as an Express app: dashboard, reports, status, metrics. For operators, on loopback unless a token is set.

import express, { type Express } from 'express'
import helmet from 'helmet'
import { answerErrors } from './answer_errors.ts'
import { refuseExpectation } from './expectation.ts'
import { Failure } from './failures.ts'
import { guardData, guardHost } from './guard_private.ts'
import type { PrivateParts } from './private_parts.ts'
import { healthRoute } from './routes/health.ts'
import { importsRoute } from './routes/imports.ts'
import { operateRoute } from './routes/operate.ts'
import { reportsRoute } from './routes/reports.ts'

export function privateApp(parts: PrivateParts): Express {
  const app = express()
  app.disable('x-powered-by')
  app.disable('etag')
  app.set('query parser', 'simple')
  app.use(privateHeaders())
  app.use(refuseExpectation())
  app.use(healthRoute(() => parts.database() !== undefined, parts.lagSeconds))
  app.use(guardHost(parts))
  app.use(express.static(parts.dashboardDirectory, { index: 'index.html', redirect: false }))
  app.use(guardData(parts))
  app.use(reportsRoute(parts))
  app.use(operateRoute(parts))
  app.use(importsRoute(parts))
  app.use(() => {
    throw new Failure('not_found')
  })
  app.use(answerErrors((error, where) => parts.logError(error, where), 'private listener'))
  return app
}

/** The dashboard loads its own files only and talks to its own origin only. */
function privateHeaders(): express.RequestHandler {
  return helmet({
    strictTransportSecurity: false,
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        scriptSrc: ["'self'"],
        styleSrc: ["'self'"],
        imgSrc: ["'self'", 'data:'],
        connectSrc: ["'self'"],
        baseUri: ["'none'"],
        formAction: ["'none'"],
        frameAncestors: ["'none'"],
      },
    },
  })
}
