// The package `lightfoot/tracker`: the same tracker, which the site bundles itself. On a server nothing of it does anything;
// in a page, calls before `init` wait as those in the queue stub do, and `init` makes them.

import type { ConsentApi, Lightfoot, Stub } from './api.ts'
import { everyCall, everySignal } from './everything.ts'
import { guard } from './guard.ts'
import { configure } from './settings.ts'
import { start } from './start.ts'

export type { Purpose } from '../contract/purposes.ts'
export type { Choice, ConsentApi, Properties, Status } from './api.ts'

/** What the snippet's data-* attributes say; docs/tracker.md describes each. */
export type Options = {
  site: string
  mode: 'exempt' | 'strict'
  /** Version of the site's privacy policy. */
  policy: number
  /** Origin of the collector, `https://stats.example.com`; by default the page's own. */
  collector?: string
  /** Query parameters that hold what was searched for: `q s`. */
  search?: string
  /** Query parameters that may be told of with `statistics`: `page size`. */
  parameters?: string
  /** Nothing is counted before the first `pageview()`, and every page is counted by one. */
  manual?: boolean
  /** Pages are told apart by the path in the fragment, `/app#/orders/3`. */
  hash?: boolean
  /** Paths of which nothing is told: `/admin/* /drafts/*`. */
  exclude?: string
  /** The page's own HTTP status, for browsers that do not tell it. */
  status?: number
  /** What consents on a consent platform grant, as `lightfoot snippet` writes it. */
  tcf?: string
  gpc?: 'refuse' | 'objection'
  cookieDomain?: string
  /** Count on this machine (localhost) too. */
  local?: boolean
}

const page = globalThis as { document?: unknown; lightfoot?: Stub }

/** A second call changes nothing, and neither does a first one where the snippet was quicker. */
export const init: (options: Options) => void = guard(options => {
  if (!page.document || hasBegun()) return
  configure(attributesOf(options), location.href)
  start(everySignal, everyCall)
})

export const pageview: Lightfoot['pageview'] = () => call('pageview')
export const track: Lightfoot['track'] = (...values) => call('track', values)
export const view: Lightfoot['view'] = (...values) => call('view', values)
export const search: Lightfoot['search'] = (...values) => call('search', values)

export const consent: ConsentApi = {
  set: async choice => call('set', [choice]),
  withdraw: async () => call('withdraw'),
  object: async () => call('object'),
  status: () => (hasBegun() ? call('status') : undefined),
}

/** As in tracker/start.ts: only a stub has a queue, and an element may have our name. */
const hasBegun = (): boolean => !!page.lightfoot?.consent && !page.lightfoot.q

/** The answer is what the tracker's own call answers; one that waits answers nothing. */
const call = guard(<T>(name: string, values: unknown[] = []): T | undefined => {
  // Calls of a page that never begins are not kept for ever.
  const waitingMax = 100
  if (!page.document) return undefined
  if (hasBegun()) {
    const calls = { ...page.lightfoot, ...(page.lightfoot?.consent as object) } as Record<string, unknown>
    return (calls[name] as ((...given: unknown[]) => T) | undefined)?.(...values)
  }
  page.lightfoot ??= {}
  page.lightfoot.q ??= []
  const { q } = page.lightfoot
  if (q.length < waitingMax) q.push([name, values])
  return undefined
}) as <T>(name: string, values?: unknown[]) => T

/** `{ policy: 1, local: true } → { policy: '1', local: '' }`, as on a script element; undefined and false are no attributes. */
const attributesOf = (options: Options): DOMStringMap => {
  const told = Object.entries(options).filter(([, value]) => value !== undefined && value !== false)
  return Object.fromEntries(told.map(([name, value]) => [name, value === true ? '' : String(value)]))
}
