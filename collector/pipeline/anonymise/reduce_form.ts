// How a form ended, how many fields it has and how long it took; never a value, which the contract has no place for.

import type { FormEvent } from '../../../contract/events.ts'
import { limits } from '../../../contract/limits.ts'
import type { CellsOf } from '../cells.ts'
import { scrubText } from '../scrub/scrub_text.ts'
import type { Context, PageDraft } from './context.ts'

export function reduceForm(event: FormEvent, page: PageDraft, { gate }: Context): CellsOf<'form'> {
  const isGranted = gate.form === 'granted'
  return {
    kind: isGranted ? event.outcome : '',
    name: isGranted && !page.isSensitive ? scrubText(event.form, limits.nameMax) : '',
    duration_ms: isGranted ? Math.round(event.fillMs ?? 0) : 0,
    amount: isGranted ? (event.fields ?? 0) : 0,
  }
}
