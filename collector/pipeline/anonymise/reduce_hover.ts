// How long the pointer stayed on an element that the site named.

import type { HoverEvent } from '../../../contract/events.ts'
import { limits } from '../../../contract/limits.ts'
import type { CellsOf } from '../cells.ts'
import { scrubText } from '../scrub/scrub_text.ts'
import type { Context, PageDraft } from './context.ts'

export function reduceHover(event: HoverEvent, page: PageDraft, { gate }: Context): CellsOf<'hover'> {
  const isGranted = gate.hover === 'granted'
  return {
    target: isGranted && !page.isSensitive ? scrubText(event.target, limits.nameMax) : '',
    duration_ms: isGranted ? Math.round(event.ms) : 0,
  }
}
