// The life of a page: decides, then starts the signals; and what the page itself may call. Both scripts and the package
// begin here, each with its own signals.

import type { CoreApi, Lightfoot, Status, Stub } from './api.ts'
import { askPlatform, choose, obeyHash, object, status, withdraw } from './choices.ts'
import { clearQueue, sendAll, silence, startDelivery } from './delivery.ts'
import { reportEngagement } from './engagement.ts'
import { reportExit } from './exit.ts'
import { consent, decide, shut } from './gate.ts'
import { guard, listen, stopAll } from './guard.ts'
import { documentPageview, type Restart } from './pageview.ts'
import { routeTo } from './routes.ts'
import { data } from './settings.ts'
import { reportVitals } from './vital.ts'

export type Signal = (restart?: Restart) => void

let signals: readonly Signal[]
/** The page says itself what is a pageview, and has not yet. */
let isAwaited: boolean

/** Begins a page: of a document, of one that comes back from the back/forward cache, or after a choice. */
const begin = (restart?: Restart): void => {
  // What was measured before a choice leaves under what was allowed before it.
  if (!IS_CORE && consent) {
    tellAll()
    clearQueue()
  }
  stopAll()
  if (!decide()) return
  if (isAwaited || document.prerendering) {
    shut()
    if (!isAwaited) listen('prerenderingchange', () => begin())
    return
  }
  documentPageview(restart)
  for (const start of signals) guard(start)(restart)
  startDelivery()
  listen('visibilitychange', tellAll)
  listen('pagehide', leave)
  listen('hashchange', obeyHash)
}

const tellAll = (): void => {
  reportEngagement()
  if (!IS_CORE) reportVitals()
  sendAll()
}

/** After this the document is gone, or frozen until it comes back as a page of its own. */
const leave = (): void => {
  reportEngagement(true)
  reportExit()
  if (!IS_CORE) reportVitals()
  sendAll(true)
  silence()
  listen('pageshow', () => begin('bfcache'))
}

const pageview = (): void => {
  if (isAwaited) {
    isAwaited = false
    begin()
  } else if (consent) routeTo()
}

/** Whatever became of it, the answer is the state that came of it. */
const settled =
  <A extends unknown[]>(run: (...values: A) => Promise<unknown>) =>
  (...values: A): Promise<Status | undefined> =>
    run(...values).then(status, status)

/** What the core does not do, a page may call all the same. */
export const nothing = async (): Promise<undefined> => {}

/** `more` are the functions that the core does not have. */
export const start = (withSignals: readonly Signal[], more: Omit<Lightfoot, keyof CoreApi>): void => {
  signals = withSignals
  const api = {
    pageview: guard(pageview),
    ...more,
    consent: IS_CORE
      ? { set: nothing, withdraw: nothing, object, status() {} }
      : { set: settled(choose(begin)), withdraw: settled(withdraw), object: settled(object), status },
  }
  guard(() => {
    const page = window as { lightfoot?: Stub }
    const { lightfoot } = page
    // Included twice by mistake: the first counts. Only the stub has a queue, and an element may have our name.
    if (lightfoot?.consent && !lightfoot.q) return
    page.lightfoot = api as Stub
    isAwaited = data.manual !== undefined
    obeyHash()
    begin()
    if (!IS_CORE) askPlatform(begin)
    const calls = { ...api, ...api.consent } as unknown as Record<string, (...values: unknown[]) => unknown>
    // A call by another name throws, which is its own fault only.
    for (const [name, values] of lightfoot?.q ?? []) guard(() => calls[name]?.(...values))()
  })()
}
