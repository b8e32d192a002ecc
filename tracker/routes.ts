// Client-side routes. Where the browser has an event for every change of the address, nothing of the page is touched;
// elsewhere the history's two functions are wrapped, and popstate is back and forward.

import { linkAt } from './click.ts'
import { now } from './delivery.ts'
import { reportEngagement, resetEngagement } from './engagement.ts'
import { consent } from './gate.ts'
import { guard, listen } from './guard.ts'
import { pageview } from './pageview.ts'
import { restartScroll } from './scroll.ts'

/** A route so soon after a click on a link came by it; whether another came by a script or a button is not known. */
const followsMs = 1000

let address: string
let isWrapped = false

export function startRoutes(): void {
  address = location.href
  if (window.navigation) {
    listen(window.navigation, 'currententrychange', ({ navigationType }: NavigationCurrentEntryChangeEvent) =>
      moved(navigationType === 'replace', navigationType === 'traverse'),
    )
    return
  }
  listen(window, 'popstate', () => moved(false, true))
  if (isWrapped) return
  isWrapped = true
  wrap('pushState')
  wrap('replaceState')
}

/** Stays in place when everything stops, since others may have wrapped it again; `moved` then does nothing. */
function wrap(name: 'pushState' | 'replaceState'): void {
  const original = history[name]
  history[name] = function (...values) {
    original.apply(this, values)
    guard(moved)(name === 'replaceState', false)
  }
}

/** A replaced address is a new page only when its path is new: a filter or a keystroke noted in the query is not. */
function moved(isReplaced: boolean, isTraversed: boolean): void {
  const { pathname, search } = new URL(address)
  if (!consent || (pathname === location.pathname && (isReplaced || search === location.search))) return
  routeTo(isTraversed ? 'back_forward' : now() - linkAt < followsMs ? 'link' : 'unknown')
}

export function routeTo(arrival: 'back_forward' | 'link' | 'unknown'): void {
  const before = address
  address = location.href
  reportEngagement()
  pageview('route', arrival, before, before)
  resetEngagement()
  restartScroll()
}
