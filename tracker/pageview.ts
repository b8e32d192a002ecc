// Pageviews, and how the visitor came to the page (arrival), as far as the browser tells. Never a guess: a typed address
// is known only where the page before was our own and yet there is no referrer.

import type { PageviewEvent } from '../contract/events.ts'
import { ownPath, referrerUrl } from './address.ts'
import { allowed, granted } from './gate.ts'
import { emit, newPage } from './page.ts'
import { sentStatus } from './status.ts'

type Navigation = PageviewEvent['navigation']
type Arrival = PageviewEvent['arrival']
/** Why a document that was there already begins a page again. */
export type Restart = 'bfcache' | 'consent'

/** undefined in a browser without it. */
export function navigationTiming(): PerformanceNavigationTiming | undefined {
  return performance.getEntriesByType('navigation')[0] as PerformanceNavigationTiming | undefined
}

/** A page that is a document of its own. `isCounted`: a pageview of another level has told of this arrival already. */
export function documentPageview(restart?: Restart, isCounted?: boolean): void {
  const timing = navigationTiming()
  const type = restart === 'bfcache' ? 'back_forward' : timing?.type
  const repeat = type === 'reload' || type === 'back_forward' ? type : undefined
  const status = (!restart && timing?.responseStatus) || 0
  const before = addressBefore()
  // A document that is loaded again still has the referrer of its first load, which was counted then.
  const referrer = repeat ? '' : document.referrer
  const navigation = restart ?? (timing?.activationStart ? 'prerender' : (repeat ?? 'navigate'))
  const arrival = repeat ?? (referrer ? 'link' : before ? 'address' : 'unknown')
  if (isCounted) pageview(navigation, undefined, '', referrer)
  else pageview(navigation, arrival, before, referrer, status)
  if (status >= 400 && allowed(PURPOSE_OF.error)) {
    emit({ type: 'error', kind: 'page', status: sentStatus(status) })
  }
}

export function pageview(
  navigation: Navigation,
  arrival: Arrival,
  before: string,
  referrer: string,
  status?: number,
): void {
  const { pathname } = location
  newPage()
  emit({
    type: 'pageview',
    navigation,
    arrival,
    from: ownPath(before),
    referrer: referrerUrl(referrer),
    status: status ? sentStatus(status) : undefined,
    // Read when the batch is made: routers set the title after the address. Another page's title is not this one's.
    get title() {
      const isHere = location.pathname === pathname
      return isHere && granted(PURPOSE_OF.title) ? document.title.slice(0, LIMIT.titleMax) : undefined
    },
  })
}

/** The page that this tab showed before, where it was our own and the browser tells. */
function addressBefore(): string {
  const url = window.navigation?.activation?.from?.url
  return url && new URL(url).origin === location.origin ? url : ''
}
