// How events leave: in batches, one under way at a time; in the page by a fetch that outlives it, at its end by beacon.
// The queue, a batch and the number of tries are bounded; what does not fit, or is refused for good, is not kept.

import type { BatchConsent, Event, Page } from '../contract/events.ts'
import { device } from './device.ts'
import { consent, shut, visitor } from './gate.ts'
import { guard, later, stopAll } from './guard.ts'
import { randomId } from './random_id.ts'
import { data, endpoint } from './settings.ts'
import { isObjected } from './storage.ts'

type Fields<E> = E extends Event
  ? { [K in keyof Omit<E, 'page' | 'seq' | 'at'>]: Omit<E, 'page' | 'seq' | 'at'>[K] | undefined }
  : never
/** An event as a signal makes it; a field that is undefined is not sent. */
export type Draft = Fields<Event>
export type Queued = Draft & { page: Page; seq: number; at: number }
/** A batch keeps the consent under which its events were made, also when it is sent again after a choice. */
type Outgoing = {
  readonly id_: string
  readonly consent_: BatchConsent | undefined
  readonly visitor_: string | undefined
  events_: Queued[]
}

const events = '/v1/events'
let queue: Queued[] = []
/** The batch that is under way, or waits to be tried again. */
let current: Outgoing | undefined
let isWaiting = false

export const now = (): number => {
  return Math.round(performance.now())
}

export const enqueue = (event: Queued): void => {
  // Four full batches: what comes on top while a collector is away is not kept.
  const queueMax = 240
  if (!consent || queue.length >= queueMax) return
  queue.push(event)
  gather()
}

/** The page is hidden or left: everything goes, a batch that waits for its retry once more under the id that it has. */
export const sendAll = (): void => {
  // The visitor may have objected in another tab.
  if (isObjected()) silence()
  if (current && isWaiting) beacon(current)
  while (queue[0]) beacon(cut())
}

/** Nothing more from this page: its visitor said no, or the collector did. What waited is not sent either. */
export const silence = (): void => {
  shut()
  stopAll()
  queue = []
  current = undefined
}

/** Never throws at once, as a page's own `fetch` might. A string as body makes the request text/plain, which needs no preflight. */
export const request = async (path: string, body: string): Promise<Response> => {
  return fetch(endpoint(path), { method: 'POST', keepalive: true, body })
}

/** Events wait a second for company: a timer for each, of which the first takes all that came meanwhile. */
const gather = (): void => {
  const gatherMs = 1000
  later(() => {
    if (isObjected()) silence()
    if (!current && queue[0]) post(cut(), 0)
  }, gatherMs)
}

/** The longest front of the queue that fits, by halves; one event always goes. */
const cut = (): Outgoing => {
  // Copied, so that what an event reads late (a title) is read now and is the same in every try.
  const events_ = queue.slice(0, LIMIT.eventsMax).map(event => ({ ...event }))
  const batch: Outgoing = { id_: randomId(22), consent_: consent, visitor_: visitor, events_ }
  while (batch.events_.length > 1 && new Blob([bodyOf(batch)]).size > LIMIT.trackerBatchBytesMax) {
    batch.events_ = batch.events_.slice(0, batch.events_.length >> 1)
  }
  queue = queue.slice(batch.events_.length)
  return batch
}

/** `sent` is of this very try: the server's time of an event is receipt − (sent − at). */
const bodyOf = ({ id_, consent_, visitor_, events_ }: Outgoing): string => {
  const pages = [...new Set(events_.map(event => event.page))]
  return JSON.stringify({
    v: 1,
    site: data.site,
    batch: id_,
    sent: now(),
    consent: consent_,
    visitor: visitor_,
    device: device(),
    pages,
    events: events_.map(event => ({ ...event, page: pages.indexOf(event.page) })),
  })
}

const post = (batch: Outgoing, retries: number): void => {
  current = batch
  isWaiting = false
  const answered = (status: number, seconds?: number) => {
    const retriesMax = IS_CORE ? 1 : 5
    // No collector is waited for longer than this, whatever its Retry-After says.
    const retrySecondsMax = 300
    if (current !== batch) return
    if (status === 403) silence()
    else if ((status === 429 || status >= 500) && retries < retriesMax) {
      isWaiting = true
      const wait = Math.min(seconds || 2 ** retries, retrySecondsMax)
      // Spread, so that all the pages that a collector turned away do not come back together.
      later(() => current === batch && post(batch, retries + 1), wait * (1000 + Math.random() * 500))
    } else {
      current = undefined
      gather()
    }
  }
  request(events, bodyOf(batch))
    .then(({ status, headers }) => answered(status, Number(headers.get('retry-after'))))
    // No network, or an answer that the browser keeps from us.
    .catch(guard(() => answered(599)))
}

const beacon = (batch: Outgoing): void => {
  const body = bodyOf(batch)
  // false: the 64 KiB that a browser gives to beacons and keepalive fetches together are taken.
  if (!navigator.sendBeacon?.(endpoint(events), body)) request(events, body).catch(() => {})
}
