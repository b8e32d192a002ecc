// A page of the site's own, from its URL as the batch names it: parsed, scrubbed, in its group. Most traffic is of few
// pages, and this takes 4 µs of the 10 that a batch of one event takes, so pages are remembered, by their URLs up to the
// query. Only those are in whose URL the scrub found nothing to take away. What a visitor wrote into a query, also where its
// name is listed (`?q=…`), is gone from memory with the request.

import type { Site } from '../../config/config.ts'
import { originBelongs } from '../../config/find_site.ts'
import { matchesPattern } from './match_pattern.ts'
import { parseWebUrl } from './parse_web_url.ts'
import { type ScrubbedUrl, scrubParameters, scrubUrl } from './scrub_url.ts'

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
  const mark = text.indexOf('?')
  const plainText = mark === -1 ? text : text.slice(0, mark)
  const plain = knownPage(site, plainText) ?? newPage(site, plainText)
  if (plain === undefined || mark === -1) return plain
  const url = parseWebUrl(text)
  return url && withQuery(plain, url, site)
}

function newPage(site: Site, text: string): OwnPage | undefined {
  const url = parseWebUrl(text)
  if (url === undefined || !originBelongs(site, url.origin)) return undefined
  const page = describePage(url, site)
  if (isPlain(text, page)) remember(text, { site, page })
  return page
}

/** After a new configuration there are new sites, with other patterns and parameters. */
function knownPage(site: Site, text: string): OwnPage | undefined {
  const found = known.get(text)
  return found?.site === site ? found.page : undefined
}

/** Host and path stand in front of the query, and nothing in it changes what they are. */
function withQuery({ host, path, isSensitive, group }: OwnPage, url: URL, site: Site): OwnPage {
  const parameters = isSensitive ? '' : scrubParameters(url, site)
  return { url, host, path, parameters, isSensitive, group }
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
