// Where a click, an exit or a resource leads: host and path of one of the site's own addresses, or of somebody else's.

import type { Site } from '../../config/config.ts'
import { originBelongs } from '../../config/find_site.ts'
import { parseWebUrl } from './parse_web_url.ts'
import { scrubHost } from './scrub_host.ts'
import { scrubPath } from './scrub_path.ts'
import { ownHost, scrubOwnPath } from './scrub_url.ts'

export type ScrubbedLink = { readonly host: string; readonly path: string }

export function scrubLink(url: URL, site: Site): ScrubbedLink {
  return originBelongs(site, url.origin)
    ? { host: ownHost(url, site), path: scrubOwnPath(url.pathname, site).path }
    : { host: scrubHost(url.host), path: scrubPath(url.pathname) }
}

/** Of a link's host alone, without its scheme: the same as `scrubLink` says of it, so that reports of both agree. */
export function scrubLinkedHost(host: string, site: Site): string {
  for (const scheme of ['https', 'http']) {
    const url = parseWebUrl(`${scheme}://${host}`)
    // Own as it stands: the host of `other.example/@www.example.com` would be found in a part of it.
    if (url !== undefined && originBelongs(site, `${scheme}://${host}`)) return ownHost(url, site)
  }
  return scrubHost(host)
}
