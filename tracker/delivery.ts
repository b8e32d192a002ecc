// How events leave: in batches, one under way at a time; in the page by a fetch that outlives it, at its end by beacon.
// The queue, a batch and the number of tries are bounded; what does not fit, or is refused for good, is not kept.

import type { BatchConsent, Page } from '../contract/events.ts'
import { device } from './device.ts'
import type { Draft } from './draft.ts'
import { consent, isEnded, shut, visitor } from './gate.ts'
import { guard, later, listen, stopAll } from './guard.ts'
import { opened } from './opened.ts'
import { randomId } from './random_id.ts'
import { data, endpoint } from './settings.ts'

export type Queued = Draft & { page: Page; seq: number; at: number }
/**
 * As it is sent, but for `sent`, which is of each try. A batch keeps the consent under which its events were made, also when
 * it is sent again after a choice.
 */
type Outgoing = { consent: BatchConsent | undefined; events: unknown[] }

const path = '/v1/events'
/** Core does not weigh its batches: so many fit by far. */
const eventsMax = IS_CORE ? 20 : LIMIT.eventsMax
let queue: Queued[] = []
/** The batch that is under way, or waits to be tried again. */
let current: Outgoing | undefined
/** Tries it again; undefined while it does not wait for that. */
let retry: (() => void) | undefined
/** Adds to an event what was not known when it was made. */
let complete: (() => void) | undefined

export const now = (): number => {
  return Math.round(performance.now())
}

export const enqueue = (event: Queued): void => {
  // Four full batches: what comes on top while a collector is away is not kept, unless it matters more.
  const queueMax = 240
  const vitalQueueMax = 300
  if (queue.length >= (isVital(event) ? vitalQueueMax : queueMax)) return
  queue.push(event)
  gather()
}

/** Page views, engagement and exit: without these a visit has no pages, no length or no end: they go first. Core has little else, and room for all of it. */
const isVital = ({ type }: Queued): boolean => IS_CORE || /^(p|e[nx])/.test(type)

/** `run` comes as late as can be: when the next batch is made, or another event is completed. */
export const completeLate = (run: () => void): void => {
  complete?.()
  complete = run
}

/** The network is there again: what waits need not wait for its time. */
export const startDelivery = (): void => {
  listen('online', () => retry?.())
}

/** The page is hidden or left: everything goes, a batch that waits for its retry once more under the id that it has. */
export const sendAll = (isEnd?: boolean): void => {
  if (isEnded()) silence()
  // A beacon is lost without a network, and nobody hears of it. The page may be seen again.
  if (!navigator.onLine && !isEnd) return
  // Also what was just under way: Chromium rejects its promise before pagehide, although it arrives. The key is the same.
  if (retry && current) beacon(current)
  if (!IS_CORE) queue.sort((one, other) => +isVital(other) - +isVital(one))
  // A browser gives 64 KiB to all beacons and keepalive fetches together, more than core ever has to say. Where they are taken
  // less may still fit; what does not waits for the page to be seen again.
  for (let count: number = eventsMax; queue[0] && count >= 1; ) {
    const before = queue
    if (!beacon(cut(count)) && !IS_CORE) {
      queue = before
      count /= 2
    }
  }
}

/** Nothing that waited is kept for the next page. */
export const clearQueue = (): void => {
  queue = []
}

/** Nothing more from this page: its visitor said no, or the collector did. What waited is not sent either. */
export const silence = (): void => {
  shut()
  stopAll()
  clearQueue()
  current = retry = undefined
}

/** Never throws at once, as a page's own `fetch` might. A string as body makes the request text/plain, which needs no preflight. */
export const request = async (path: string, body: string): Promise<Response> => {
  return fetch(endpoint(path), { method: 'POST', keepalive: true, body })
}

/** Events wait a second for company: a timer for each, of which the first takes all that came meanwhile. */
const gather = (): void => {
  const gatherMs = 1000
  later(() => {
    // What becomes of a click is told with it. Its own timer comes right after that.
    if (current || !queue[0] || (!IS_CORE && opened?.openClick)) return
    post(cut(eventsMax), 0)
  }, gatherMs)
}

/** Takes the front of the queue, at most so many events, halved until it fits; one event always goes. */
const cut = (count: number): Outgoing => {
  if (!IS_CORE) complete?.()
  const front = queue.slice(0, count)
  const pages = [...new Set(front.map(({ page }) => page))]
  const events = front.map(event => ({ ...event, page: pages.indexOf(event.page) }))
  const head = { v: 1, site: data.site, batch: randomId(22), consent, device: device(), pages, events }
  const batch = IS_CORE ? head : { ...head, visitor }
  const isTooLong = !IS_CORE && count > 1 && new Blob([bodyOf(batch)]).size > LIMIT.trackerBatchBytesMax
  if (isTooLong) return cut(count >> 1)
  queue = queue.slice(count)
  return batch
}

/** `sent` is of this very try: the server's time of an event is receipt − (sent − at). */
const bodyOf = (batch: Outgoing): string => JSON.stringify({ ...batch, sent: now() })

const post = (batch: Outgoing, retries: number): void => {
  if (isEnded()) {
    silence()
    return
  }
  current = batch
  retry = undefined
  const answered = ({ status, headers }: Partial<Response> = {}): void => {
    const retriesMax = IS_CORE ? 1 : 5
    // No collector is waited for longer than this, whatever its Retry-After says.
    const retrySecondsMax = 300
    if (current !== batch) return
    if (status === 403) silence()
    else if ((!status || status === 429 || status >= 500) && retries < retriesMax) {
      const again = () => {
        if (retry === again) post(batch, retries + 1)
      }
      retry = again
      // Core asks once, and leaves the collector time for it.
      const wait = IS_CORE
        ? 5
        : Math.min(+(headers?.get('retry-after') as string) || 2 ** retries, retrySecondsMax)
      // Spread, so that all the pages that a collector turned away do not come back together. Without a network the browser
      // says when it is there again.
      if (navigator.onLine) later(again, wait * (1000 + Math.random() * 500))
    } else {
      current = undefined
      gather()
    }
  }
  request(path, bodyOf(batch))
    // No network, or an answer that the browser keeps from us.
    .catch(() => undefined)
    .then(guard(answered))
}

/** False where there is no room. */
const beacon = (batch: Outgoing): unknown => {
  const body = bodyOf(batch)
  return navigator.sendBeacon?.(endpoint(path), body) ?? request(path, body).catch(() => {})
}
