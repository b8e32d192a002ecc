// The public listener as an Express app: what the internet may ask. Each route is a small file; this one is their order,
// the headers of all answers, and the one place where an error becomes an answer.

import type { IncomingMessage, RequestListener } from 'node:http'
import express, {
  type ErrorRequestHandler,
  type Express,
  type NextFunction,
  type Request,
  type RequestHandler,
  type Response,
} from 'express'
import helmet from 'helmet'
import { findSite } from '../config/find_site.ts'
import { answerErrors } from './answer_errors.ts'
import { refuseExpectation, whereMet } from './expectation.ts'
import { Failure } from './failures.ts'
import { type HeaderList, headersOf, withHeaders } from './header_list.ts'
import type { PublicParts } from './public_parts.ts'
import { routeLabel } from './route_label.ts'
import { consentRoute } from './routes/consent.ts'
import { demoSiteRoute } from './routes/demo_site.ts'
import { eventsPath, eventsRoute } from './routes/events.ts'
import { healthRoute } from './routes/health.ts'
import { pixelRoute } from './routes/pixel.ts'
import { corsHeaders, preflightRoute } from './routes/preflight.ts'
import { privacyRoute } from './routes/privacy.ts'
import { trackerRoute } from './routes/tracker.ts'
import { snippet } from './snippet.ts'

/** `app` answers all; `listener` answers what nearly all requests are without it, and gives it the rest. */
export type PublicApp = { readonly app: Express; readonly listener: RequestListener }

export function publicApp(parts: PublicParts): PublicApp {
  const app = express()
  app.disable('x-powered-by')
  app.disable('etag')
  app.set('query parser', 'simple')
  const headers = publicHeaders()
  const events = eventsRoute(parts, [...headers, ...corsHeaders])
  const onError = answerErrors(parts.logError, 'public listener')
  app.use(whereMet(events))
  app.use((request: Request, response: Response, next: NextFunction) => {
    const label = routeLabel(request.path)
    response.on('finish', () => parts.metrics.answered(label, response.statusCode))
    next()
  })
  app.use(refuseExpectation(headers))
  if (parts.demoDirectory !== undefined)
    app.use(
      demoHeaders(),
      demoSiteRoute(parts.demoDirectory, core => demoSnippet(parts, core)),
    )
  app.use(withHeaders(headers))
  app.use(preflightRoute())
  app.use(consentRoute(parts))
  app.use(pixelRoute(parts))
  app.use(trackerRoute(parts.tracker))
  app.use(healthRoute(parts.isReady, parts.lagSeconds))
  app.use(privacyRoute(parts.config))
  app.use(refuseRest)
  app.use(onError)
  return { app, listener: withoutExpress(app, events, onError) }
}

/**
 * Express takes 2 µs from a request until the first layer has it, a tenth of what a bare server needs for all. A request
 * with an `Expect`, or in another spelling of the route, finds the same layer inside.
 */
function withoutExpress(app: Express, events: RequestHandler, onError: ErrorRequestHandler): RequestListener {
  return (request, response) => {
    if (!isPlainEvents(request)) app(request, response)
    else {
      // The server makes them with Express's prototypes, see express_prototypes.ts.
      const asked = request as Request
      const answer = response as Response
      events(asked, answer, error => onError(error, asked, answer, () => {}))
    }
  }
}

function isPlainEvents({ method, url, headers }: IncomingMessage): boolean {
  return method === 'POST' && url === eventsPath && headers.expect === undefined
}

/**
 * Scripts and answers are for pages of other origins, so CORP allows them. No HSTS: whether the host speaks TLS for ever is
 * for its operator's proxy to say.
 */
function publicHeaders(): HeaderList {
  return headersOf(
    helmet({
      crossOriginResourcePolicy: { policy: 'cross-origin' },
      strictTransportSecurity: false,
      contentSecurityPolicy: {
        useDefaults: false,
        directives: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] },
      },
    }),
  )
}

/** The demo site is an ordinary site: it sends referrers as browsers do by default, or there would be no flows to show. */
function demoHeaders(): express.RequestHandler {
  const headers = helmet({
    strictTransportSecurity: false,
    referrerPolicy: { policy: 'strict-origin-when-cross-origin' },
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'self'"],
        imgSrc: ["'self'", 'data:'],
        objectSrc: ["'none'"],
        baseUri: ["'self'"],
      },
    },
  })
  return (request, response, next) =>
    request.path.startsWith('/demo') ? headers(request, response, next) : next()
}

function demoSnippet(parts: PublicParts, core: boolean): string {
  const site = findSite(parts.config(), 'demo')
  return site ? snippet(site, { collector: '', local: true, core }) : ''
}

const methods: Readonly<Record<string, string>> = {
  '/v1/events': 'POST, OPTIONS',
  '/v1/consent': 'POST, OPTIONS',
}

function refuseRest(request: Request, response: Response): void {
  const allowed =
    methods[request.path] ?? (request.method === 'GET' || request.method === 'HEAD' ? undefined : 'GET, HEAD')
  if (allowed === undefined) throw new Failure('not_found')
  response.setHeader('Allow', allowed)
  throw new Failure('method_not_allowed')
}
