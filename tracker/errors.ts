// Resources that failed: scripts, images, styles, media. Their error events do not bubble, but can be captured; those that
// failed before this script ran are found in the browser's own list, with their status.

import { withoutQuery } from './address.ts'
import { allowed, granted } from './gate.ts'
import { listen } from './guard.ts'
import { emit } from './page.ts'
import { sentStatus } from './status.ts'

/** A page that is broken altogether is told of as well by its first twenty faults. */
const errorsMax = 20

const seen: string[] = []

/** `isFirst`: not after a choice, when nothing from before is told. */
export function startErrors(isFirst: boolean): void {
  if (!allowed(PURPOSE_OF.error)) return
  listen(window, 'error', ({ target }) => {
    if (!(target instanceof Element)) return
    const { currentSrc, src, href } = target as Element & { currentSrc?: string; src?: string; href?: string }
    report(target.localName, currentSrc || src || href)
  })
  if (!isFirst) return
  for (const entry of performance.getEntriesByType('resource') as PerformanceResourceTiming[]) {
    // What scripts fetch is their own matter.
    if (entry.responseStatus >= 400 && !/fetch|http|beacon/.test(entry.initiatorType))
      report(entry.initiatorType, entry.name, entry.responseStatus)
  }
}

function report(tag: string, url: string | undefined, status?: number): void {
  if (!url || !/^http/.test(url) || seen.includes(url) || seen.push(url) > errorsMax) return
  const isExact = granted(PURPOSE_OF.error)
  emit({
    type: 'error',
    kind: 'resource',
    tag: isExact ? tag : undefined,
    url: isExact ? withoutQuery(url) : undefined,
    status: status && sentStatus(status),
  })
}
