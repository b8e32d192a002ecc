// Searches on the site. Few pages show one: what is told of it is worked out in lightfoot.searches.js, loaded with the first that
// the address tells of, by the parameters that the configuration names, or the page by `lightfoot.search(term, results)`.

import { allowed, granted } from './gate.ts'
import { load } from './load_sibling.ts'
import { emit } from './page.ts'
import { navigationTiming, type Restart } from './pageview.ts'
import type { Parts } from './parts.ts'
import { data } from './settings.ts'

let searches: Parts['searches'] | undefined
let loading: Promise<Parts['searches'] | undefined> | undefined

export const startSearch = (restart?: Restart): void => {
  // A reload, or back and forward: it was counted when the page was first loaded.
  const isCounted = !restart && navigationTiming()?.type !== 'navigate'
  lookForSearch(isCounted ? () => {} : emit)
}

/** At the beginning of a page. */
export const lookForSearch = (tell = emit): void => {
  const parameters = new URLSearchParams(location.search)
  data.search?.split(' ').some(name => search(parameters.get(name), undefined, tell))
}

/**
 * `tell` is of the page as it is now, since that may be another one when the part is there. Answers undefined when there is nothing
 * to tell.
 */
export const search = (term: string | null, results?: number, tell = emit): unknown => {
  if (!term || !allowed(PURPOSE_OF.search)) return
  const isExact = granted(PURPOSE_OF.search)
  // One promise, so that searches are noted in their order.
  loading ??= load('searches', part => {
    searches = part
    return part
  })
  return loading.then(part => part?.note(term, results, isExact, tell))
}

/** At the end of a page, and when it is hidden. */
export const tellSearch = (): void => searches?.tell()
