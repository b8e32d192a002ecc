// Something failed: its kind and class of status; with `performance` what, where and why, without data.

import type { ErrorEvent } from '../../../contract/events.ts'
import type { Site } from '../../config/config.ts'
import type { CellsOf } from '../cells.ts'
import { parseWebUrl } from '../scrub/parse_web_url.ts'
import { scrubLink } from '../scrub/scrub_link.ts'
import { scrubMessage } from '../scrub/scrub_text.ts'
import type { Context, PageDraft } from './context.ts'
import { statusCell } from './status.ts'

/** Elements that load something; any other name comes from a page's own elements and may be anything. */
const tags = [
  'script',
  'img',
  'link',
  'video',
  'audio',
  'source',
  'track',
  'iframe',
  'embed',
  'object',
  'image',
  'a',
  // What a style asked for: a background, or a font, as the file's name says.
  'css',
]
const font = /\.(woff2?|ttf|otf|eot)$/i

export function reduceError(
  event: ErrorEvent,
  page: PageDraft,
  { gate, permitted }: Context,
): CellsOf<'error'> {
  const isGranted = gate.error === 'granted'
  const tells = isGranted && !page.isSensitive
  return {
    kind: gate.error === 'nothing' ? '' : event.kind,
    status: statusCell(event.status, gate),
    tag: isGranted ? tagCell(event) : '',
    resource: tells ? resourceCell(event.url ?? event.file, page, permitted.site) : '',
    message: tells ? scrubMessage(event.message ?? '') : '',
    line: isGranted ? (event.line ?? 0) : 0,
  }
}

function tagCell({ tag, url = '' }: ErrorEvent): string {
  if (tag === undefined || tag === '') return ''
  const lower = tag.toLowerCase()
  if (lower === 'css' && font.test(url)) return 'font'
  return tags.includes(lower) ? lower : 'other'
}

/** Host and path of what failed: `www.example.com/images/gone.png`. */
function resourceCell(text: string | undefined, page: PageDraft, site: Site): string {
  if (text === undefined || text === '') return ''
  const url = parseWebUrl(text, page.url)
  if (url === undefined) return ''
  const { host, path } = scrubLink(url, site)
  return host + path
}
