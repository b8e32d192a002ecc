// Resources that failed: scripts, images, styles, media. Their error events do not bubble, but can be captured; those that
// failed before this script ran are found in the browser's own list, with their status.

import { plainUrl } from './address.ts'
import { allowed, granted } from './gate.ts'
import { listen } from './guard.ts'
import { emit } from './page.ts'
import type { Restart } from './pageview.ts'
import { sentStatus } from './sent_status.ts'

const seen: string[] = []

/** With a `restart` nothing from before is told. */
export const startErrors = (restart?: Restart): void => {
  if (!allowed(PURPOSE_OF.error)) return
  listen('error', ({ target }) => {
    if (!(target instanceof Element)) return
    const { currentSrc, src, href } = target as Element & { currentSrc?: string; src?: string; href?: string }
    report(target.localName, currentSrc || src || href || '')
  })
  if (restart) return
  for (const entry of performance.getEntriesByType('resource') as PerformanceResourceTiming[]) {
    // What scripts fetch is their own matter.
    if (entry.responseStatus >= 400 && !/fetch|http|beacon/.test(entry.initiatorType))
      report(entry.initiatorType, entry.name, entry.responseStatus)
  }
}

const report = (tag: string, url: string, status?: number): void => {
  // A page that is broken altogether is told of as well by its first faults.
  const errorsMax = 20
  if (!/^http/.test(url) || seen.includes(url) || seen.length >= errorsMax) return
  seen.push(url)
  const isExact = granted(PURPOSE_OF.error)
  emit({
    type: 'error',
    kind: 'resource',
    tag: isExact ? tag : undefined,
    url: isExact ? plainUrl(url) : undefined,
    status: sentStatus(status),
  })
}
