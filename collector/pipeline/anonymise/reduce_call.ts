// An imported call: which of the site's numbers was dialled and for how long. The import has already reduced the caller's
// number to country and area.

import type { CallEvent } from '../../../contract/events.ts'
import { limits } from '../../../contract/limits.ts'
import type { CellsOf } from '../cells.ts'
import { scrubText } from '../scrub/scrub_text.ts'
import type { Context } from './context.ts'
import { dialledCell } from './dialled.ts'

export function reduceCall(event: CallEvent, { gate, permitted }: Context): CellsOf<'call'> {
  return {
    dialled: dialledCell(`tel:${event.dialled}`, gate, permitted.site),
    duration_ms: Math.round(event.seconds * 1000),
    area: scrubText(event.area ?? '', limits.nameMax),
  }
}
