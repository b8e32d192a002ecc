// Client-side routes. Where the browser has an event for every change of the address, nothing of the page is touched;
// elsewhere the history's two functions are wrapped, and popstate is back and forward.

import { ownPath } from './address.ts'
import { isLinkFollowed } from './click.ts'
import { reportEngagement, resetEngagement } from './engagement.ts'
import { consent } from './gate.ts'
import { guard, listen } from './guard.ts'
import { page } from './page.ts'
import { pageview } from './pageview.ts'
import { restartScroll } from './scroll.ts'
import { lookForSearch } from './search.ts'
import { data, isHashRouted } from './settings.ts'

let path: string
let search: string
let isWrapped = false

export const startRoutes = (): void => {
  // The page itself says what is a new page.
  if (data.manual !== undefined) return
  look()
  // Core has the way that every browser knows.
  const navigation = !IS_CORE && window.navigation
  if (navigation) {
    const onChange = ({ navigationType }: NavigationCurrentEntryChangeEvent) => moved(navigationType)
    listen('currententrychange', onChange, navigation)
    return
  }
  // A link to a fragment fires it too.
  listen('popstate', () => moved(isHashRouted() ? undefined : 'traverse'))
  if (!isWrapped) for (const name of ['pushState', 'replaceState'] as const) wrap(name)
  isWrapped = true
}

/** Stays in place when everything stops, since others may have wrapped it again; `moved` then does nothing. */
const wrap = (name: 'pushState' | 'replaceState'): void => {
  const original = history[name]
  history[name] = function (...values) {
    original.apply(this, values)
    guard(moved)(name)
  }
}

const look = (): void => {
  path = ownPath(location.href)
  search = location.search
}

/** A replaced address is a new page only when its path is new: a filter or a keystroke noted in the query is not. */
const moved = (way?: string | null): void => {
  const before = [path, search]
  look()
  if (consent && (path !== before[0] || (search !== before[1] && !/^replace/.test(way as string))))
    routeTo(way)
}

/** A new page in the same document. Whether another one came by a button or by a script is not known. */
export const routeTo = (way?: string | null): void => {
  reportEngagement(true)
  const arrival = way === 'traverse' ? 'back_forward' : isLinkFollowed() ? 'link' : 'unknown'
  pageview('route', arrival, page.url, page.url)
  resetEngagement()
  restartScroll()
  if (!IS_CORE) lookForSearch()
}
