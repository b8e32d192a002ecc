// The line for browsers without scripts, to stand in the body of a page beside the snippet in its head.

import type { Site } from '../config/config.ts'
import { escapeHtml } from './escape_html.ts'
import { pixelPath } from './routes/pixel.ts'

/** What the page's template has to put its own path into. */
export const pathPlaceholder = 'PATH'

/**
 * `<noscript><img src="https://stats.example.com/v1/pixel.gif?site=shop&amp;path=PATH" alt="" width="1" height="1"
 * referrerpolicy="strict-origin"></noscript>`. The policy stands on the image, because under `no-referrer` nothing would say
 * that it is of the site's own pages; more than the origin is not wanted.
 */
export function pixelSnippet(site: Site, collector: string): string {
  const src = `${collector}${pixelPath}?site=${site.id}&path=${pathPlaceholder}`
  const size = 'alt="" width="1" height="1"'
  return `<noscript><img src="${escapeHtml(src)}" ${size} referrerpolicy="strict-origin"></noscript>`
}
