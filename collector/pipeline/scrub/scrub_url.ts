// A page's URL as a row may know it: host, path, and the query parameters that the configuration lists. Credentials and
// fragment are never read. A path that reveals (`sensitive`) becomes the pattern that covers it, and loses its parameters.

import type { Site } from '../../config/config.ts'
import { matchesPattern } from './match_pattern.ts'
import { scrubHost } from './scrub_host.ts'
import { cleanPath, normalisePath } from './scrub_path.ts'
import { scrubText } from './scrub_text.ts'
import { cut } from './tidy.ts'

const valueMax = 100
const parametersMax = 512

export type ScrubbedUrl = {
  readonly host: string
  readonly path: string
  /** `page=2&sort=price`: sorted by name, then value. */
  readonly parameters: string
  readonly isSensitive: boolean
}

/** `url` is one of the site's own. */
export function scrubUrl(url: URL, site: Site): ScrubbedUrl {
  const { path, isSensitive } = scrubOwnPath(url.pathname, site)
  const parameters = isSensitive ? '' : scrubParameters(url, site)
  return { host: ownHost(url, site), path, parameters, isSensitive }
}

/**
 * The host of an own URL. A listed one is the configuration's word; below `https://*.example.com` it is the client's, and a
 * customer or a session may have a host of its own.
 */
export function ownHost(url: URL, site: Site): string {
  return site.origins.includes(url.origin) ? url.host : scrubHost(url.host)
}

/** A path of the site's own pages: of a page, a referrer, a link or a resource. */
export function scrubOwnPath(pathname: string, site: Site): { path: string; isSensitive: boolean } {
  const path = normalisePath(pathname)
  // Against the whole path, before anything is taken out of it: a pattern may cover what the scrub would hide.
  const pattern = site.sensitive.find(candidate => matchesPattern(candidate, path))
  return pattern === undefined
    ? { path: cleanPath(path), isSensitive: false }
    : { path: pattern, isSensitive: true }
}

/** The query's parameters that the configuration lists, '' when there are none. */
export function scrubParameters(url: URL, { parameters }: Site): string {
  if (url.search === '' || parameters.length === 0) return ''
  const kept: string[] = []
  for (const [name, value] of url.searchParams) {
    if (parameters.includes(name)) kept.push(`${encode(name)}=${encode(scrubText(value, valueMax))}`)
  }
  return cut(kept.sort().join('&'), parametersMax)
}

/** Only what would change how the text is read as a query: `50% off → 50%25%20off`, but `:email` stays readable. */
function encode(text: string): string {
  return text.replace(/[%&=+#\s]/g, character => encodeURIComponent(character))
}
