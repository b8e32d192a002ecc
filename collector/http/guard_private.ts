// Who may use the private listener. With a token: whoever names it, as Bearer, or as the password of Basic so that a
// browser can ask for it. Without one: this machine only, and only under its own names, because a page on the internet
// can point its own name at 127.0.0.1 (DNS rebinding). Pages of other origins may not call the API in either case.

import { createHash, timingSafeEqual } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'
import type { RequestHandler } from 'express'
import { Failure } from './failures.ts'

export type Guard = { readonly token: string | undefined; readonly host: string }

export function guardPrivate(guard: Guard): RequestHandler {
  return (request, response, next) => {
    if (guard.token === undefined) checkHost(request.headers.host ?? '', guard.host)
    else if (!namesToken(request.headers.authorization ?? '', guard.token)) {
      response.setHeader('WWW-Authenticate', 'Basic realm="lightfoot", charset="UTF-8"')
      throw new Failure('no_token')
    }
    if (request.path.startsWith('/api/')) checkSite(request.headers)
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

function namesToken(authorization: string, token: string): boolean {
  const [scheme = '', credentials = ''] = authorization.split(' ', 2)
  if (/^bearer$/i.test(scheme)) return isEqual(credentials, token)
  if (!/^basic$/i.test(scheme)) return false
  const decoded = Buffer.from(credentials, 'base64').toString('utf8')
  return isEqual(decoded.slice(decoded.indexOf(':') + 1), token)
}

/** Hashed first, so that neither content nor length shows in the time taken. */
function isEqual(given: string, wanted: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(given), digest(wanted))
}
