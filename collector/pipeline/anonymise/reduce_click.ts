// A click: its kind; with `behaviour` the element's own name and where it leads; a dialled number by a rule of its own,
// because the site's own numbers say nothing of the visitor, and any other may say whom they call.

import type { ClickEvent } from '../../../contract/events.ts'
import { limits } from '../../../contract/limits.ts'
import type { CellsOf } from '../cells.ts'
import { parseWebUrl } from '../scrub/parse_web_url.ts'
import { type ScrubbedLink, scrubLink } from '../scrub/scrub_link.ts'
import { scrubText } from '../scrub/scrub_text.ts'
import type { Context, PageDraft } from './context.ts'
import { dialledCell } from './dialled.ts'

export function reduceClick(event: ClickEvent, page: PageDraft, context: Context): CellsOf<'click'> {
  const { gate, permitted } = context
  const isGranted = gate.click === 'granted'
  // From a page that reveals, where a link leads and what it is called say what the path may not.
  const tells = isGranted && !page.isSensitive
  const dialled = dialledCell(event.href, gate, permitted.site)
  const target = tells ? targetOf(event.href, page, context) : nowhere
  return {
    // A kept number says that the click was a call, so its kind says no more.
    kind: gate.click !== 'nothing' ? event.kind : dialled === '' ? '' : 'tel',
    target: tells ? scrubText(event.target ?? '', limits.nameMax) : '',
    target_host: target.host,
    target_path: target.path,
    dialled,
    frustration: isGranted ? (event.frustration ?? '') : '',
  }
}

const nowhere = { host: '', path: '' }

/** Host and path of a link; `tel:` and `mailto:` name people and give nothing here. */
function targetOf(href: string | undefined, page: PageDraft, { permitted }: Context): ScrubbedLink {
  if (href === undefined || href === '') return nowhere
  const url = parseWebUrl(href, page.url)
  return url === undefined ? nowhere : scrubLink(url, permitted.site)
}
