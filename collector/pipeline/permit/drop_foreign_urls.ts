// A batch speaks of its own site's pages only: an event of a page with another origin is dropped. Otherwise anyone who
// knows a site's id could fill its reports, and what a stranger's URL holds would be stored under this site's rules.

import type { Site } from '../../config/config.ts'
import { originBelongs } from '../../config/find_site.ts'
import { parseWebUrl } from '../scrub/parse_web_url.ts'
import { type Draft, keepOnly } from './draft.ts'

export function dropForeignUrls(draft: Draft): void {
  if (draft.events.length === 0) return
  const { batch, site } = draft.received
  draft.urls = batch.pages.map(page => ownUrl(site, page.url))
  keepOnly(draft, 'foreign_url', event => draft.urls[event.page] !== undefined)
}

/** The parsed URL when its origin is one of the site's. */
function ownUrl(site: Site, text: string): URL | undefined {
  const url = parseWebUrl(text)
  return url !== undefined && originBelongs(site, url.origin) ? url : undefined
}
