// Who may use the private listener. With a token: whoever names it; the dashboard's page itself is open, for it holds no
// data and asks for the token. Without one: this machine only, and only under its own names, because a page on the
// internet can point its own name at 127.0.0.1 (DNS rebinding). Pages of other origins may not call the API in either case.

import { createHash, timingSafeEqual } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'
import type { RequestHandler } from 'express'
import { Failure } from './failures.ts'

export type Guard = { readonly token: string | undefined; readonly host: string }

/** In front of everything, the dashboard's own files too. */
export function guardHost(guard: Guard): RequestHandler {
  return (request, _response, next) => {
    if (guard.token === undefined) checkHost(request.headers.host ?? '', guard.host)
    next()
  }
}

/**
 * In front of all data. It looks at no path: Express takes `/API/status` and `/metrics/` for `/api/status` and `/metrics`,
 * so what is open has to come before it, and everything behind it is closed.
 */
export function guardData(guard: Guard): RequestHandler {
  return (request, _response, next) => {
    if (guard.token !== undefined && !namesToken(request.headers.authorization ?? '', guard.token))
      throw new Failure('no_token')
    checkSite(request.headers)
    next()
  }
}

const loopbackNames = new Set(['localhost', '127.0.0.1', '[::1]'])

/** `127.0.0.1:8081` and `localhost:8081` pass, `evil.example:8081` does not. */
function checkHost(header: string, host: string): void {
  const name = header.replace(/:\d+$/, '').toLowerCase()
  if (!loopbackNames.has(name) && name !== host.toLowerCase()) throw new Failure('foreign_host')
}

/** Browsers say with `Sec-Fetch-Site` who asks; programs say nothing. */
function checkSite(headers: IncomingHttpHeaders): void {
  const site = headers['sec-fetch-site']
  if (site !== undefined && site !== 'same-origin' && site !== 'none') throw new Failure('cross_site')
}

/** Hashed first, so that neither content nor length shows in the time that the comparison takes. */
function namesToken(authorization: string, token: string): boolean {
  const given = /^bearer (.*)$/i.exec(authorization)?.[1]
  return given !== undefined && timingSafeEqual(digest(given), digest(token))
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}
