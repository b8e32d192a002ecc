// How events leave: in batches, one under way at a time; in the page by a fetch that outlives it, at its end by beacon.
// The queue, a batch and the number of tries are bounded; what does not fit, or is refused for good, is not kept.

import type { BatchConsent, Event, Page } from '../contract/events.ts'
import { device } from './device.ts'
import { consent, shut, visitor } from './gate.ts'
import { guard, later, stopAll } from './guard.ts'
import { randomId } from './random.ts'
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

/** Four full batches: what comes on top while a collector is away is not kept. */
const queueMax = 240
/** Events wait this long for company. */
const gatherMs = 1000
const retriesMax = 5
/** No collector is waited for longer than this, whatever its Retry-After says. */
const retrySecondsMax = 300

let queue: Queued[] = []
let isGathering = false
/** The batch that is under way, or waits to be tried again. */
let current: Outgoing | undefined
let isWaiting = false

export function now(): number {
  return Math.round(performance.now())
}

export function enqueue(event: Queued): void {
  if (!consent || queue.length >= queueMax) return
  queue.push(event)
  if (!current) gather()
}

/** The page is hidden or left: everything goes, a batch that waits for its retry once more under the id that it has. */
export function sendAll(): void {
  if (current && isWaiting) beacon(current)
  while (queue.length > 0) beacon(cut())
}

/** Nothing more from this page: its visitor said no, or the collector did. What waited is not sent either. */
export function silence(): void {
  shut()
  stopAll()
  queue = []
  current = undefined
}

/** A string as body makes the request text/plain, which needs no preflight. */
export function request(path: string, body: string): Promise<Response> {
  return fetch(endpoint(path), { method: 'POST', keepalive: true, body })
}

function gather(): void {
  if (isGathering) return
  isGathering = true
  later(() => {
    isGathering = false
    // The visitor may have objected in another tab.
    if (isObjected()) silence()
    else if (!current && queue.length > 0) post(cut(), 0)
  }, gatherMs)
}

/** The longest front of the queue that fits, by halves; one event always goes. */
function cut(): Outgoing {
  // Copied, so that what an event reads late (a title) is read now and is the same in every try.
  const events_ = queue.slice(0, LIMIT.eventsMax).map(event => ({ ...event }))
  const batch: Outgoing = { id_: randomId(16), consent_: consent, visitor_: visitor, events_ }
  while (batch.events_.length > 1 && new Blob([bodyOf(batch)]).size > LIMIT.trackerBatchBytesMax) {
    batch.events_ = batch.events_.slice(0, batch.events_.length >> 1)
  }
  queue = queue.slice(batch.events_.length)
  return batch
}

/** `sent` is of this very try: the server's time of an event is receipt − (sent − at). */
function bodyOf({ id_, consent_, visitor_, events_ }: Outgoing): string {
  const pages: Page[] = []
  const events = events_.map(event => {
    const known = pages.indexOf(event.page)
    return { ...event, page: known < 0 ? pages.push(event.page) - 1 : known }
  })
  return JSON.stringify({
    v: 1,
    site: data.site,
    batch: id_,
    sent: now(),
    consent: consent_,
    visitor: visitor_,
    device: device(),
    pages,
    events,
  })
}

function post(batch: Outgoing, retries: number): void {
  current = batch
  isWaiting = false
  const done = () => {
    current = undefined
    if (queue.length > 0) gather()
  }
  const retry = (seconds: number) => {
    if (retries >= retriesMax) return done()
    isWaiting = true
    const wait = Math.min(seconds || 2 ** retries, retrySecondsMax)
    // Spread, so that all the pages that a collector turned away do not come back together.
    later(() => current === batch && post(batch, retries + 1), wait * (1000 + Math.random() * 500))
  }
  request('/v1/events', bodyOf(batch)).then(
    guard(({ status, headers }: Response) => {
      if (current !== batch) return
      if (status === 403) silence()
      else if (status === 429 || status >= 500) retry(Number(headers.get('retry-after')))
      else done()
    }),
    guard(() => current === batch && retry(0)),
  )
}

function beacon(batch: Outgoing): void {
  const body = bodyOf(batch)
  // false: the 64 KiB that a browser gives to beacons and keepalive fetches together are taken.
  if (!navigator.sendBeacon?.(endpoint('/v1/events'), body)) request('/v1/events', body).catch(() => {})
}
