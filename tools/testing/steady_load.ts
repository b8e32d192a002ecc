// Steady traffic for tests of durability: several senders, each with one batch on its way. What is not acknowledged is sent
// again, under the same batch id, until it is; so at the end every batch ever begun has been acknowledged once, and what
// was counted here is what rows and reports must hold, neither more nor less.

import { setTimeout as sleep } from 'node:timers/promises'
import type { Batch, Event, EventType } from '../../contract/events.ts'
import { postBatch, sampleBatch } from './sample_batch.ts'

export type Acknowledged = {
  batches: number
  events: number
  /** Batches that were sent more than once because no answer came, or a 503. */
  retried: number
  activeMs: number
  readonly byType: Map<EventType, number>
}

export type SteadyLoad = {
  readonly acknowledged: Acknowledged
  /** Sends no new batches, and resolves when all that were begun are acknowledged. */
  pause(): Promise<void>
  resume(): void
}

const answerMs = 5000

/** Origins and site are as configured; the collector may go away and come back at its URL. */
export function steadyLoad(
  collector: string,
  origin: string,
  site: string,
  senders: number,
  betweenMs = 4,
): SteadyLoad {
  const acknowledged: Acknowledged = { batches: 0, events: 0, retried: 0, activeMs: 0, byType: new Map() }
  let isRunning = false
  let running: Promise<void>[] = []
  let number = 0

  async function send(): Promise<void> {
    while (isRunning) {
      const batch = variedBatch(site, origin, number++)
      await untilAcknowledged(batch)
      await sleep(betweenMs)
    }
  }

  async function untilAcknowledged(batch: Batch): Promise<void> {
    for (let attempt = 0; ; attempt++) {
      if (attempt === 1) acknowledged.retried++
      if (attempt > 0) await sleep(40)
      // The connection was refused or broke, or nothing came: the fate of the batch is not known.
      const answer = await tryOnce(batch).catch(() => undefined)
      if (answer === undefined || answer.status === 503) continue
      if (answer.status !== 202 || answer.accepted !== batch.events.length)
        throw new Error(`a good batch was not taken: ${JSON.stringify(answer)}`)
      count(batch)
      return
    }
  }

  async function tryOnce(batch: Batch): Promise<{ status: number; accepted?: number }> {
    const response = await postBatch(collector, origin, batch, {}, answerMs)
    return { status: response.status, ...((await response.json()) as object) }
  }

  function count({ events }: Batch): void {
    acknowledged.batches++
    acknowledged.events += events.length
    for (const event of events) {
      acknowledged.byType.set(event.type, (acknowledged.byType.get(event.type) ?? 0) + 1)
      if (event.type === 'engagement') acknowledged.activeMs += event.activeMs ?? 0
    }
  }

  return {
    acknowledged,
    async pause() {
      isRunning = false
      await Promise.all(running)
    },
    resume() {
      isRunning = true
      running = Array.from({ length: senders }, send)
    },
  }
}

const rest: readonly ((seq: number) => Event)[] = [
  seq => ({ type: 'engagement', page: 0, seq, at: 20, activeMs: 5000, visibleMs: 5000, scroll: [1, 10] }),
  seq => ({ type: 'click', page: 0, seq, at: 30, kind: 'outbound', href: 'https://other.example/' }),
  seq => ({ type: 'timing', page: 0, seq, at: 40, ttfb: 90, interactive: 300, dcl: 310, load: 900 }),
  seq => ({ type: 'error', page: 0, seq, at: 50, kind: 'resource', tag: 'img', status: 404 }),
  seq => ({ type: 'engagement', page: 0, seq, at: 60, activeMs: 10_000, visibleMs: 10_000 }),
  seq => ({ type: 'exit', page: 0, seq, at: 70, method: 'link' }),
]

/** A page view, and up to six other events of the same page: every rollup gets its share. */
function variedBatch(site: string, origin: string, number: number): Batch {
  const pageview: Event = {
    type: 'pageview',
    page: 0,
    seq: 0,
    at: 10,
    referrer: 'https://search.example/',
    navigation: 'navigate',
    arrival: 'link',
    status: 200,
  }
  const others = rest.slice(0, number % (rest.length + 1)).map((make, index) => make(index + 1))
  return { ...sampleBatch(site, origin, 1, `/page/${number % 12}`), events: [pageview, ...others] }
}
