// The tracker's entry: decides, then starts the signals; and what the page itself may call, `window.lightfoot`.

import { startClicks } from './click.ts'
import { type Choice, object, set, status, withdraw } from './consent.ts'
import { sendAll, silence } from './delivery.ts'
import { reportEngagement, startEngagement } from './engagement.ts'
import { startErrors } from './errors.ts'
import { reportExit, startExit } from './exit.ts'
import { consent, decide, shut } from './gate.ts'
import { guard, listen, stopAll } from './guard.ts'
import { documentPageview, type Restart } from './pageview.ts'
import { routeTo, startRoutes } from './routes.ts'
import { startScroll } from './scroll.ts'
import { startTiming } from './timing.ts'
import { track } from './track.ts'

const signals: readonly ((restart?: Restart) => void)[] = [
  startClicks,
  startExit,
  startScroll,
  startEngagement,
  startRoutes,
  startTiming,
  startErrors,
]

/** Begins a page: of a document, of one that comes back from the back/forward cache, or after a choice. */
const begin = (restart?: Restart): void => {
  // What was measured before a choice leaves under what was allowed before it.
  if (consent) tellAll()
  stopAll()
  if (!decide()) return
  if (document.prerendering) {
    shut()
    listen('prerenderingchange', () => begin())
    return
  }
  documentPageview(restart)
  for (const start of signals) guard(start)(restart)
  listen('visibilitychange', tellAll)
  listen('pagehide', leave)
}

const tellAll = (): void => {
  reportEngagement()
  sendAll()
}

/** After this the document is gone, or frozen until it comes back as a page of its own. */
const leave = (): void => {
  reportEngagement()
  reportExit()
  sendAll()
  silence()
  listen('pageshow', () => begin('bfcache'))
}

const api = {
  /** What is shown now is a new page, although the address did not change. */
  pageview: guard(() => {
    if (consent) routeTo('unknown', location.href)
  }),
  track: guard(track),
  /** Each answers with the state that came of it; what failed has changed nothing. */
  consent: {
    set: (choice: Choice) => set(choice, () => begin('consent')).then(status, status),
    withdraw: () => withdraw().then(status, status),
    object: () => object().then(status, status),
    status,
  },
}

export type Lightfoot = typeof api

guard(() => {
  const page = window as { lightfoot?: Partial<Lightfoot> }
  // Included twice by mistake: the first counts.
  if (page.lightfoot?.consent) return
  page.lightfoot = api
  begin()
})()
