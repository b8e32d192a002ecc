// A search on the site: how much it found, in buckets, and with `behaviour` the scrubbed term. `kind` says whether
// anything was found at all, because an amount of 0 is also what a page gives that does not know.

import type { SearchEvent } from '../../../contract/events.ts'
import { bucketOf, resultEdges } from '../../../contract/steps.ts'
import type { CellsOf } from '../cells.ts'
import { scrubTerm } from '../scrub/scrub_text.ts'
import type { Context, PageDraft } from './context.ts'

export function reduceSearch(event: SearchEvent, page: PageDraft, { gate }: Context): CellsOf<'search'> {
  const { results, term = '' } = event
  if (gate.search === 'nothing') return { kind: '', amount: 0, term: '' }
  const isGranted = gate.search === 'granted'
  return {
    kind: results === undefined ? '' : results === 0 ? 'empty' : 'found',
    amount: results === undefined ? 0 : isGranted ? results : bucketOf(resultEdges, results),
    term: isGranted && !page.isSensitive ? scrubTerm(term) : '',
  }
}
