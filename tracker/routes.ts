// Client-side routes. Where the browser has an event for every change of the address, nothing of the page is touched;
// elsewhere the history's two functions are wrapped, and popstate is back and forward.

import { isLinkFollowed } from './click.ts'
import { reportEngagement, resetEngagement } from './engagement.ts'
import { consent } from './gate.ts'
import { guard, listen } from './guard.ts'
import { pageview } from './pageview.ts'
import { restartScroll } from './scroll.ts'

let address: string
let isWrapped = false

export const startRoutes = (): void => {
  const { navigation } = window
  address = location.href
  if (navigation) {
    const onChange = ({ navigationType }: NavigationCurrentEntryChangeEvent) =>
      moved(navigationType as string)
    listen('currententrychange', onChange, navigation)
    return
  }
  listen('popstate', () => moved('traverse'))
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

/** A replaced address is a new page only when its path is new: a filter or a keystroke noted in the query is not. */
const moved = (way: string): void => {
  const before = address
  const { pathname, search } = new URL(before)
  const isSameQuery = /replace/.test(way) || search === location.search
  address = location.href
  if (!consent || (pathname === location.pathname && isSameQuery)) return
  // Whether another one came by a button or by a script is not known.
  routeTo(way === 'traverse' ? 'back_forward' : isLinkFollowed() ? 'link' : 'unknown', before)
}

/** A new page in the same document; `before` is the address of the one that ends. */
export const routeTo = (arrival: 'back_forward' | 'link' | 'unknown', before: string): void => {
  reportEngagement()
  pageview('route', arrival, new URL(before).pathname, before)
  resetEngagement()
  restartScroll()
}
