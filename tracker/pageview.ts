// Pageviews, and how the visitor came to the page (arrival), as far as the browser tells. Never a guess: a typed address
// is known only where the page before was our own and yet there is no referrer.

import type { PageviewEvent } from '../contract/events.ts'
import { ownPath, referrerUrl } from './address.ts'
import { completeLate } from './delivery.ts'
import type { Draft } from './draft.ts'
import { allowed, granted } from './gate.ts'
import { emit, newPage } from './page.ts'
import { sentStatus } from './sent_status.ts'
import { data } from './settings.ts'

type Navigation = PageviewEvent['navigation']
type Arrival = PageviewEvent['arrival']
/** Why a document that was there already begins a page again. */
export type Restart = 'bfcache' | 'consent'

/** undefined in a browser without it. */
export const navigationTiming = (): PerformanceNavigationTiming | undefined => {
  return performance.getEntriesByType('navigation')[0] as PerformanceNavigationTiming | undefined
}

/** A pageview of this document has told how its visitor came. */
let isCounted = false

/** A page that is a document of its own. */
export const documentPageview = (restart?: Restart): void => {
  const timing = navigationTiming()
  const type = restart === 'bfcache' ? 'back_forward' : (timing?.type ?? 'navigate')
  // reload or back_forward; the others are navigate and prerender.
  const isRepeat = /^[rb]/.test(type)
  const navigation = restart ?? (timing?.activationStart ? 'prerender' : type)
  // Safari does not tell the status; the page may.
  const status =
    IS_CORE || restart ? undefined : sentStatus(timing?.responseStatus || +(data.status as string))
  // After a choice the same page goes on at another level: nobody has come once more.
  const hasCome = IS_CORE || restart !== 'consent' || !isCounted
  const from = IS_CORE ? '' : pageBefore()
  // A document that is loaded again still has the referrer of its first load, which was counted then.
  const referrer = isRepeat ? '' : document.referrer
  const arrival = isRepeat ? (type as Arrival) : referrer ? 'link' : from ? 'address' : 'unknown'
  pageview(navigation, hasCome ? arrival : undefined, hasCome ? from : '', referrer, status)
  if (IS_CORE) return
  if (status && status >= 400) emit({ type: 'error', kind: 'page', status })
  isCounted = true
}

/** `from` and `referrer` are addresses, `from` of an own page; '' where there is none. */
export const pageview = (
  navigation: Navigation,
  arrival: Arrival,
  from: string,
  referrer: string,
  status?: number,
): void => {
  newPage()
  const event: Draft & { type: 'pageview' } = {
    type: 'pageview',
    navigation,
    arrival,
    referrer: referrerUrl(referrer),
    // Core knows the page before by its referrer alone.
    ...(!IS_CORE && {
      from: (from && allowed(PURPOSE_OF.referrer) && ownPath(from).slice(0, LIMIT.urlMax)) || undefined,
      status,
    }),
  }
  emit(event)
  // Routers set it after the address.
  if (!IS_CORE) {
    completeLate(() => {
      if (granted(PURPOSE_OF.title)) event.title = document.title.slice(0, LIMIT.titleMax)
    })
  }
}

/** The page that this tab showed before, where it was our own and the browser tells. */
const pageBefore = (): string => {
  const url = window.navigation?.activation?.from?.url ?? ''
  return url.startsWith(location.origin) ? url : ''
}
