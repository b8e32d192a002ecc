// lightfoot.searches.js: what is told of a search: its term, and how much was found, as the page says or as `data-lf-results` on
// any element does.

import { resultEdges } from '../contract/steps.ts'
import { guard, later } from './guard.ts'
import { lowerEdge } from './lower_edge.ts'
import type { SearchesPart } from './parts.ts'

/**
 * Terms that this document has told of: each counts once, so neither a page that comes back from the back/forward cache,
 * nor a step back in the history, nor a choice of consent repeats a search.
 */
const told: string[] = []
/** The latest of them, while its results may not be shown yet. */
let waiting: { term: string; tell(results: number): void } | undefined

export const note: SearchesPart['note'] = guard((term, results, isExact, emit) => {
  // The number of results that come later than this is not known.
  const resultsMs = 3000
  if (!told.includes(term)) {
    tell()
    told.push(term)
    const search = {
      term,
      tell: (count: number) =>
        emit({
          type: 'search',
          term: isExact ? term.slice(0, LIMIT.termMax) : undefined,
          results:
            isExact && count >= 0 ? Math.min(count, LIMIT.countMax) | 0 : lowerEdge(resultEdges, count),
        }),
    }
    waiting = search
    later(() => {
      if (waiting === search) tell()
    }, resultsMs)
  }
  if (results !== undefined && waiting?.term === term) tell(results)
})

/** What waits, with as many results as are shown now. */
export const tell = guard((results?: number): void => {
  const search = waiting
  waiting = undefined
  search?.tell(results ?? resultsShown())
})

/** NaN where the page does not say. */
const resultsShown = (): number => {
  return Number(document.querySelector<HTMLElement>('[data-lf-results]')?.dataset.lfResults || NaN)
}
