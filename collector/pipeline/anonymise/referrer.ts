// Where a visitor came from. The site's own pages give their path and no host; others their host, and with a purpose
// their path. A referrer's query is never read: it is where searches, tokens and names stand.

import type { Site } from '../../config/config.ts'
import { originBelongs } from '../../config/find_site.ts'
import type { Gate } from '../gate.ts'
import { parseWebUrl } from '../scrub/parse_web_url.ts'
import { scrubHost } from '../scrub/scrub_host.ts'
import { scrubPath } from '../scrub/scrub_path.ts'
import { scrubOwnPath } from '../scrub/scrub_url.ts'
import type { PageDraft } from './context.ts'

export type Referrer = { readonly host: string; readonly path: string }

const none: Referrer = { host: '', path: '' }

/** Android apps name themselves: `android-app://com.example.mail/ → com.example.mail`. */
const androidApp = /^android-app:\/\/([a-z0-9_.]{1,100})(?:\/|$)/i

export function referrerCells(text: string | undefined, page: PageDraft, site: Site, gate: Gate): Referrer {
  if (text === undefined || text === '' || gate.referrer === 'nothing') return none
  const url = parseWebUrl(text)
  if (url !== undefined && originBelongs(site, url.origin))
    return { host: '', path: scrubOwnPath(url.pathname, site).path }
  // Who sends visitors to a page that reveals, says what it is about.
  if (page.isSensitive) return none
  const app = androidApp.exec(text)?.[1]
  if (app !== undefined) return { host: scrubHost(app), path: '' }
  if (url === undefined) return none
  return { host: scrubHost(url.host), path: gate.referrer === 'granted' ? scrubPath(url.pathname) : '' }
}

/** The own page before this one, where the browser tells it, also when there is no referrer; '' when it is not own. */
export function fromPath(from: string | undefined, page: PageDraft, site: Site, gate: Gate): string {
  if (from === undefined || from === '' || gate.referrer === 'nothing') return ''
  const url = parseWebUrl(from, page.url)
  return url !== undefined && originBelongs(site, url.origin) ? scrubOwnPath(url.pathname, site).path : ''
}
