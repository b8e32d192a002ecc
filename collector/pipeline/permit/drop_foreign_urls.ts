// A batch speaks of its own site's pages only: an event of a page with another origin is dropped. Otherwise anyone who
// knows a site's id could fill its reports, and what a stranger's URL holds would be stored under this site's rules.

import { ownPage } from '../scrub/own_page.ts'
import { type Draft, keepOnly } from './draft.ts'

export function dropForeignUrls(draft: Draft): void {
  if (draft.events.length === 0) return
  const { batch, site } = draft.received
  draft.pages = batch.pages.map(page => ownPage(site, page.url))
  if (draft.pages.includes(undefined))
    keepOnly(draft, 'foreign_url', event => draft.pages[event.page] !== undefined)
}
