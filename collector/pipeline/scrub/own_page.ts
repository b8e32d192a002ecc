// A page of the site's own, from its URL as the batch names it: parsed, scrubbed, in its group. Most traffic is of few
// pages, and this takes 4 µs of the 10 that a batch of one event takes, so pages are remembered. Only those are in whose
// URL the scrub found nothing to take away, and that have no query: what a visitor wrote into one, also where its name is
// listed (`?q=…`), is gone from memory with the request.

import type { Site } from '../../config/config.ts'
import { originBelongs } from '../../config/find_site.ts'
import { matchesPattern } from './match_pattern.ts'
import { parseWebUrl } from './parse_web_url.ts'
import { type ScrubbedUrl, scrubUrl } from './scrub_url.ts'

export type OwnPage = ScrubbedUrl & {
  readonly url: URL
  /** Name of its group, '' when it has none. */
  readonly group: string
}

/** Pages remembered; past it all are forgotten and the busiest are soon back. At most 3 KB each. */
const knownMax = 1000

type Known = { readonly site: Site; readonly page: OwnPage }
const known = new Map<string, Known>()

/** undefined for what is not a URL of one of the site's origins. */
export function ownPage(site: Site, text: string): OwnPage | undefined {
  const found = known.get(text)
  // After a new configuration there are new sites, with other patterns and parameters.
  if (found?.site === site) return found.page
  const url = parseWebUrl(text)
  if (url === undefined || !originBelongs(site, url.origin)) return undefined
  const page = describePage(url, site)
  if (isPlain(text, page)) remember(text, { site, page })
  return page
}

function describePage(url: URL, site: Site): OwnPage {
  const { host, path, parameters, isSensitive } = scrubUrl(url, site)
  // The group is that of the path as it is stored: it can tell no more than the path does.
  const group = site.groups.find(candidate => matchesPattern(candidate.path, path))?.name ?? ''
  return { url, host, path, parameters, isSensitive, group }
}

/** Is the URL, to the last character, what a row may hold of it, without any parameter? */
function isPlain(text: string, { host, isSensitive, path, url }: OwnPage): boolean {
  return !isSensitive && text === `${url.protocol}//${host}${path}`
}

function remember(text: string, page: Known): void {
  if (known.size >= knownMax) known.clear()
  known.set(text, page)
}
