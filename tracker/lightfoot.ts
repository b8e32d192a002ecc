// The tracker's entry: decides, then starts the signals; and what the page itself may call, `window.lightfoot`.

import { startClicks } from './click.ts'
import { type Choice, object, set, status, withdraw } from './consent.ts'
import { track } from './custom.ts'
import { sendAll } from './delivery.ts'
import { reportEngagement, startEngagement } from './engagement.ts'
import { startErrors } from './errors.ts'
import { reportExit, startExit } from './exit.ts'
import { consent, decide, shut } from './gate.ts'
import { guard, listen, settle, stopAll } from './guard.ts'
import { documentPageview, type Restart } from './pageview.ts'
import { routeTo, startRoutes } from './routes.ts'
import { startScroll } from './scroll.ts'
import { startTiming } from './timing.ts'

/** A pageview has told of this document's arrival. */
let isCounted = false

/** Begins a page: of a document, of one that comes back from the back/forward cache, or after a choice. */
function begin(restart?: Restart): void {
  // What was measured before a choice leaves under what was allowed before it.
  if (consent) tellAll()
  stopAll()
  if (!decide()) return
  if (document.prerendering) {
    listen(document, 'prerenderingchange', () => begin())
    return
  }
  documentPageview(restart, restart === 'consent' && isCounted)
  isCounted = true
  const signals = [startClicks, startExit, startScroll, startEngagement, startRoutes]
  // Nothing from before a choice or from an earlier showing is told again.
  if (!restart) signals.push(startTiming)
  for (const start of signals) guard(start)()
  guard(startErrors)(!restart)
  listen(document, 'visibilitychange', () => {
    if (document.visibilityState === 'hidden') tellAll()
  })
  listen(window, 'pagehide', leave)
}

function tellAll(): void {
  reportEngagement()
  sendAll()
}

/** After this the document is gone, or frozen until it comes back as a page of its own. */
function leave(): void {
  reportEngagement()
  reportExit()
  sendAll()
  shut()
  stopAll()
  listen(window, 'pageshow', () => begin('bfcache'))
}

const api = {
  /** The address as it is now is a new page: for routers that change what is shown without changing it. */
  pageview: guard(() => {
    if (consent) routeTo('unknown')
  }),
  track: guard(track),
  consent: {
    set: settle((choice: Choice) => set(choice, () => begin('consent')), status),
    withdraw: settle(withdraw, status),
    object: settle(object, status),
    status: guard(status),
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
