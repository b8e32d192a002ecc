// Who says where a request comes from: Origin, else the origin of the Referer. Browsers set both, pages cannot forge them.

import type { IncomingHttpHeaders } from 'node:http'
import type { Site } from '../config/config.ts'
import { originBelongs } from '../config/find_site.ts'
import { Failure } from './failures.ts'

/** `https://www.example.com`, or undefined when the request names neither (or an opaque origin, `null`). */
export function requestOrigin(headers: IncomingHttpHeaders): string | undefined {
  const named = headers.origin ?? headers.referer
  if (named === undefined || named === '' || named === 'null') return undefined
  try {
    const { origin } = new URL(named)
    return origin === 'null' ? undefined : origin
  } catch {
    return undefined
  }
}

/** Throws Failure missing_origin or foreign_origin unless the request comes from a page of the site. */
export function checkOrigin(site: Site, headers: IncomingHttpHeaders): void {
  // Nearly always it is a listed one, to the last character, and there is nothing to parse.
  if (headers.origin !== undefined && originBelongs(site, headers.origin)) return
  const origin = requestOrigin(headers)
  if (origin === undefined) throw new Failure('missing_origin')
  if (!originBelongs(site, origin)) throw new Failure('foreign_origin')
}
