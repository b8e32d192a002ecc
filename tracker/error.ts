// Failures of the page's resources and faults of its scripts: error events, which do not bubble but can be captured, and the
// browser's own list of resources, for fonts and for what failed before this script ran. Most pages have none: what is
// told of them is worked out in lightfoot.errors.js, loaded with the first one.

import { plainUrl } from './address.ts'
import { allowed, granted } from './gate.ts'
import { guard, listen, onStop } from './guard.ts'
import { load } from './load_sibling.ts'
import { emit } from './page.ts'
import type { Restart } from './pageview.ts'
import type { Failure, Parts } from './parts.ts'
import { sentStatus } from './sent_status.ts'

let loading: Promise<Parts['errors'] | undefined> | undefined

/** With a `restart` nothing from before is told. */
export const startErrors = (restart?: Restart): void => {
  if (!allowed(PURPOSE_OF.error)) return
  const note = (failure: Failure): void => {
    // As they are now: a page may put another image in the place of one that failed, or go on to another route.
    // The target of a fault is the window, whose `name` is nobody's business.
    const { target } = failure
    const { currentSrc, src, href, name } = (target instanceof Element ? target : failure) as Partial<
      HTMLImageElement & HTMLLinkElement
    >
    const url = currentSrc || src || href || name || ''
    const isExact = granted(PURPOSE_OF.error)
    const tell = emit
    loading ??= load('errors', part => part)
    loading.then(part => part?.report(failure, url, isExact, tell, plainUrl, sentStatus))
  }
  listen('error unhandledrejection', note)
  const observer = new PerformanceObserver(
    guard(list => {
      for (const entry of list.getEntries() as Failure[])
        if ((entry.responseStatus as number) >= 400) note(entry)
    }),
  )
  onStop(() => observer.disconnect())
  observer.observe({ type: 'resource', buffered: !restart })
}
