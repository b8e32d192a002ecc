// How a page was left, as far as it could see; with a purpose also which host a link led to.

import type { ExitEvent } from '../../../contract/events.ts'
import type { CellsOf } from '../cells.ts'
import { scrubHost } from '../scrub/scrub_host.ts'
import type { Context } from './context.ts'

export function reduceExit(event: ExitEvent, { gate }: Context): CellsOf<'exit'> {
  return {
    kind: gate.exit === 'nothing' ? '' : event.method,
    target_host: gate.exit === 'granted' && event.target !== undefined ? scrubHost(event.target) : '',
  }
}
