// The current page: a random id, the part of its address that may be sent, and the number of its next event.

import type { Page } from '../contract/events.ts'
import { pageUrl } from './address.ts'
import { type Draft, enqueue, now, type Queued } from './delivery.ts'
import { randomId } from './random_id.ts'

let page: Page
let seq = 0

/** Another address or another consent level: nothing links what follows to the page before. */
export const newPage = (): void => {
  page = { id: randomId(11), url: pageUrl() }
  seq = 0
}

/** Assigned, not copied: a field may be read late. */
export const emit = (event: Draft): void => {
  enqueue(Object.assign(event, { page, seq: seq++, at: now() }) as Queued)
}
