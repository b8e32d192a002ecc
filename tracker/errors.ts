// What failed: scripts, images, styles and media by their error events, which do not bubble but can be captured; fonts, and
// what failed before this script ran, from the browser's own list of resources; and faults of the page's scripts.

import { plainUrl } from './address.ts'
import type { Draft } from './draft.ts'
import { allowed, granted } from './gate.ts'
import { guard, listen, onStop } from './guard.ts'
import { emit } from './page.ts'
import type { Restart } from './pageview.ts'
import { sentStatus } from './sent_status.ts'

type Fault = globalThis.Event & Partial<ErrorEvent & PromiseRejectionEvent>

const seen: string[] = []

/** With a `restart` nothing from before is told. */
export const startErrors = (restart?: Restart): void => {
  if (!allowed(PURPOSE_OF.error)) return
  listen('error unhandledrejection', onError)
  const observer = new PerformanceObserver(guard(onResources))
  onStop(() => observer.disconnect())
  observer.observe({ type: 'resource', buffered: !restart })
}

const onError = (event: Fault): void => {
  const { target, isTrusted } = event
  if (!isTrusted) return
  if (target instanceof Element) {
    const { localName, currentSrc, src, href } = target as Element &
      Partial<HTMLImageElement & HTMLLinkElement>
    const url = currentSrc || src || href || ''
    const [entry] = performance.getEntriesByName(url) as PerformanceResourceTiming[]
    reportResource(localName, url, entry?.responseStatus)
  } else reportFault(event)
}

const onResources = (list: PerformanceObserverEntryList): void => {
  const entries = list.getEntries() as PerformanceResourceTiming[]
  for (const { initiatorType, name, responseStatus } of entries) {
    // What scripts fetch is their own matter.
    const isFetched = /fetch|http|beacon/.test(initiatorType)
    if (responseStatus >= 400 && !isFetched) reportResource(initiatorType, name, responseStatus)
  }
}

const reportResource = (tag: string, url: string, status?: number): void => {
  if (!/^http/.test(url)) return
  report(url, { type: 'error', kind: 'resource', tag, url: plainUrl(url), status: sentStatus(status) })
}

/**
 * A script's error, or a rejection that nothing handled, which has no place. Of another origin's script a browser says
 * “Script error.” and no more.
 */
const reportFault = ({ error, reason, message, filename = '', lineno }: Fault): void => {
  // An extension's is not the site's.
  if (!/^(http|$)/.test(filename)) return
  // Quoted texts, addresses and numbers are data: `Can't read 7 of "John Smith" → Can't read * of *`.
  const data = /(\B'|["`“]).*?(\1\B|”|$)|[^\s'"`]*[@/\d][^\s'"`]*/gs
  const text = String(error ?? reason ?? message)
    .slice(0, LIMIT.messageMax)
    .replace(data, '*')
  report(text + filename + lineno, {
    type: 'error',
    kind: 'script',
    message: text,
    file: filename ? plainUrl(filename) : undefined,
    line: lineno || undefined,
  })
}

/** `key` tells it from others; before consent the kind only, and the class of a status. */
const report = (key: string, event: Draft & { type: 'error' }): void => {
  // A page that is broken altogether is told of as well by its first faults.
  const errorsMax = 20
  if (seen.includes(key) || seen.length >= errorsMax) return
  seen.push(key)
  const { type, kind, status } = event
  emit(granted(PURPOSE_OF.error) ? event : ({ type, kind, status } as Draft))
}
