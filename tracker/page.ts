// The current page: a random id, the part of its address that may be sent, and the number of its next event.

import type { Page } from '../contract/events.ts'
import { pageUrl } from './address.ts'
import { enqueue, now, type Queued } from './delivery.ts'
import type { Draft } from './draft.ts'
import { consent } from './gate.ts'
import { randomId } from './random_id.ts'

/** Its `url` is '' where the site excludes it. */
export let page: Page
/** Of the current page: who keeps it goes on telling of the page of that time, until everything stops. */
export let emit: (event: Draft) => void

/** Another address or another consent level: nothing links what follows to the page before. */
export const newPage = (): void => {
  const current: Page = { id: randomId(11), url: pageUrl() }
  const given = consent
  let seq = 0
  page = current
  emit = event => {
    if (current.url && given === consent)
      enqueue(Object.assign(event, { page: current, seq: seq++, at: now() }) as Queued)
  }
}
