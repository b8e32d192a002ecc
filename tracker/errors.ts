// What failed: scripts, images, styles and media by their error events, which do not bubble but can be captured; fonts, and
// what failed before this script ran, from the browser's own list of resources; and faults of the page's scripts. What is
// told of them beside their kind, lightfoot.granted.js adds.

import { allowed, granted } from './gate.ts'
import { guard, listen, onStop } from './guard.ts'
import { whenOpened } from './opened.ts'
import { emit } from './page.ts'
import type { Restart } from './pageview.ts'
import type { Failure } from './parts.ts'
import { sentStatus } from './sent_status.ts'

const seen: string[] = []

/** With a `restart` nothing from before is told. */
export const startErrors = (restart?: Restart): void => {
  if (!allowed(PURPOSE_OF.error)) return
  listen('error unhandledrejection', onError)
  const observer = new PerformanceObserver(guard(onResources))
  onStop(() => observer.disconnect())
  observer.observe({ type: 'resource', buffered: !restart })
}

const onError = (event: Failure): void => {
  const { target, isTrusted, message, reason, filename = '', lineno } = event
  if (!isTrusted) return
  if (target instanceof Element) {
    const { currentSrc, src, href } = target as Partial<HTMLImageElement & HTMLLinkElement>
    const url = currentSrc || src || href || ''
    const [entry] = performance.getEntriesByName(url) as PerformanceResourceTiming[]
    if (/^http/.test(url)) report('resource', url, event, entry?.responseStatus)
    // An extension's is not the site's. A rejection has no place.
  } else if (/^(http|$)/.test(filename)) report('script', `${[message, reason, filename, lineno]}`, event)
}

const onResources = (list: PerformanceObserverEntryList): void => {
  for (const entry of list.getEntries() as PerformanceResourceTiming[]) {
    const { initiatorType, name, responseStatus } = entry
    // What scripts fetch is their own matter.
    const isFetched = /fetch|http|beacon/.test(initiatorType)
    if (responseStatus >= 400 && !isFetched) report('resource', name, entry, responseStatus)
  }
}

/** `key` tells it from others; of a resource it is its address. */
const report = (kind: 'resource' | 'script', key: string, failure: Failure, status?: number): void => {
  // A page that is broken altogether is told of as well by its first faults.
  const errorsMax = 20
  if (seen.includes(key) || seen.length >= errorsMax) return
  seen.push(key)
  const event = { type: 'error', kind, status: sentStatus(status) } as const
  if (granted(PURPOSE_OF.error)) whenOpened(({ describe }) => describe(event, key, failure))
  else emit(event)
}
