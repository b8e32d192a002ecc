// How a page was left, as far as it could see; with a purpose also which host a link led to.

import type { ExitEvent } from '../../../contract/events.ts'
import type { CellsOf } from '../cells.ts'
import { scrubLinkedHost } from '../scrub/scrub_link.ts'
import type { Context } from './context.ts'

export function reduceExit({ method, target }: ExitEvent, { gate, permitted }: Context): CellsOf<'exit'> {
  return {
    kind: gate.exit === 'nothing' ? '' : method,
    target_host:
      gate.exit === 'granted' && target !== undefined ? scrubLinkedHost(target, permitted.site) : '',
  }
}
