// Searches on the site: what was looked for, from the address by the parameters that the configuration names, and how much
// was found, from `data-lf-results` on any element; or both by `lightfoot.search(term, results)`.

import { resultEdges } from '../contract/steps.ts'
import { allowed, granted } from './gate.ts'
import { later } from './guard.ts'
import { lowerEdge } from './lower_edge.ts'
import { emit } from './page.ts'
import { navigationTiming, type Restart } from './pageview.ts'
import { data } from './settings.ts'

/**
 * Terms that this document has told of: each counts once, so neither a page that comes back from the back/forward cache,
 * nor a step back in the history, nor a choice of consent repeats a search.
 */
const told: string[] = []
/** The latest of them, while its results may not be shown yet. */
let waiting: string

export const startSearch = (restart?: Restart): void => {
  // A reload, or back and forward: it was counted when the page was first loaded.
  if (!restart && navigationTiming()?.type !== 'navigate') told.push(termShown())
  lookForSearch()
}

/** At the beginning of a page. */
export const lookForSearch = (): void => note(termShown())

/** At the end of a page, when it is hidden, and when the results have had their time. */
export const tellSearch = (results = resultsShown()): void => {
  if (!waiting) return
  const isExact = granted(PURPOSE_OF.search)
  emit({
    type: 'search',
    term: isExact ? waiting.slice(0, LIMIT.termMax) : undefined,
    results:
      isExact && results >= 0 ? Math.min(results, LIMIT.countMax) | 0 : lowerEdge(resultEdges, results),
  })
  waiting = ''
}

export const search = (term: string, results?: number): void => {
  note(term)
  if (waiting === term) tellSearch(results)
}

const note = (term: string): void => {
  // The number of results that come later than this is not known.
  const resultsMs = 3000
  if (!term || told.includes(term) || !allowed(PURPOSE_OF.search)) return
  tellSearch()
  told.push(term)
  waiting = term
  later(() => {
    if (waiting === term) tellSearch()
  }, resultsMs)
}

/** '' on a page without a search. */
const termShown = (): string => {
  const parameters = new URLSearchParams(location.search)
  const terms = data.search?.split(' ').map(name => parameters.get(name))
  return terms?.find(Boolean) ?? ''
}

/** NaN where the page does not say. */
const resultsShown = (): number => {
  return Number(document.querySelector<HTMLElement>('[data-lf-results]')?.dataset.lfResults || NaN)
}
