// A named service or product that was looked at. On a sensitive page its name would say what the path may not.

import type { ViewEvent } from '../../../contract/events.ts'
import { limits } from '../../../contract/limits.ts'
import type { CellsOf } from '../cells.ts'
import { scrubText } from '../scrub/scrub_text.ts'
import type { Context, PageDraft } from './context.ts'

export function reduceView(event: ViewEvent, page: PageDraft, { gate }: Context): CellsOf<'view'> {
  if (gate.view !== 'granted' || page.isSensitive) return { name: '', name_group: '' }
  return {
    name: scrubText(event.name, limits.nameMax),
    name_group: scrubText(event.group ?? '', limits.nameMax),
  }
}
