// How a page was left, as far as it could see; with a purpose also which host a link led to, unless the page reveals.

import type { ExitEvent } from '../../../contract/events.ts'
import type { CellsOf } from '../cells.ts'
import { scrubLinkedHost } from '../scrub/scrub_link.ts'
import type { Context, PageDraft } from './context.ts'

export function reduceExit(
  { method, target }: ExitEvent,
  page: PageDraft,
  { gate, permitted }: Context,
): CellsOf<'exit'> {
  const tells = gate.exit === 'granted' && !page.isSensitive
  return {
    kind: gate.exit === 'nothing' ? '' : method,
    target_host: tells && target !== undefined ? scrubLinkedHost(target, permitted.site) : '',
  }
}
