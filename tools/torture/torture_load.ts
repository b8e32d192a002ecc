// The torture's load: senders with one batch each on its way. What gets no answer, or a 503, is sent again under the same
// key until it is acknowledged; so every batch that was ever begun is acknowledged once, and what is added up here is what
// rows and rollups must hold, neither more nor less. Beside them somebody makes choices of consent.

import { setTimeout as sleep } from 'node:timers/promises'
import type { Random } from '../../collector/commands/demo_random.ts'
import type { Batch } from '../../contract/events.ts'
import { sampleAgent } from '../testing/sample_batch.ts'
import { makeBatch, origin } from './batches.ts'
import { addBatch, type Sums } from './sums.ts'

export type Choices = {
  /** Ids of the grants that were acknowledged. */
  readonly grants: string[]
  /** Objections and withdrawals. One that gets no answer is made again, and may then stand in the ledger twice. */
  readonly refusals: { acknowledged: number; sent: number }
}

export type TortureLoad = {
  readonly sums: Sums
  readonly choices: Choices
  /** Acknowledged. */
  batches(): number
  events(): number
  /** Batches that were sent more than once. */
  retried(): number
  /** Requests that got no answer, or a 503. */
  unanswered(): number
  /** Rejects as soon as a good batch or choice is refused; never resolves. */
  readonly refused: Promise<never>
  resume(): void
  /** Sends no new batches, and resolves when all that were begun are acknowledged. Rejects when one was refused. */
  pause(): Promise<void>
  /** Sends what was acknowledged last once more, as a page would whose answer was lost. Nothing may come of it. */
  repeat(): Promise<void>
  /** Whatever is on its way is given up. */
  end(): Promise<void>
}

export type LoadOptions = {
  readonly url: string
  readonly random: Random
  readonly senders?: number
  /** Between an answer and the next batch of a sender. */
  readonly betweenMs?: number
  readonly answerMs?: number
  /** The last word on each batch. */
  change?(batch: Batch): Batch
}

const againMs = 40
const repeatedMax = 30
/** Every so many batches somebody chooses. */
const batchesPerChoice = 20

export function tortureLoad(options: LoadOptions): TortureLoad {
  const { url, random, senders = 4, betweenMs = 10, answerMs = 3000, change = batch => batch } = options
  const sums: Sums = new Map()
  const choices: Choices = { grants: [], refusals: { acknowledged: 0, sent: 0 } }
  const counts = { batches: 0, events: 0, retried: 0, unanswered: 0 }
  const last: string[] = []
  let receipt = ''
  let isRunning = false
  const ended = new AbortController()
  let refuse: (error: unknown) => void = () => {}
  const refused = new Promise<never>((_, reject) => {
    refuse = reject
  })
  refused.catch(() => {})
  let running: Promise<unknown>[] = []

  async function send(): Promise<void> {
    while (isRunning) {
      if (receipt === '' || random.whole(1, batchesPerChoice) === 1) await choose()
      const batch = change(makeBatch(random, receipt))
      await untilAcknowledged(batch)
      await sleep(betweenMs)
    }
  }

  async function untilAcknowledged(batch: Batch): Promise<void> {
    const body = JSON.stringify(batch)
    for (let attempt = 0; ; attempt++) {
      if (attempt === 1) counts.retried++
      const answer = await tryPost('/v1/events', body)
      if (ended.signal.aborted) return
      if (answer === undefined) continue
      if (answer.status !== 202 || answer.content.accepted !== batch.events.length)
        throw new Error(`a good batch was answered ${answer.status} ${JSON.stringify(answer.content)}`)
      counts.batches++
      counts.events += batch.events.length
      addBatch(sums, batch)
      last.push(body)
      if (last.length > repeatedMax) last.shift()
      return
    }
  }

  async function choose(): Promise<void> {
    const isGrant = receipt === '' || random.chance(0.5)
    const choice = isGrant
      ? {
          choice: 'grant',
          purposes: [
            'statistics',
            'behaviour',
            'performance',
            'identity',
            'campaigns',
            'calls',
            'disclosure',
          ],
        }
      : { choice: random.chance(0.5) ? 'object' : 'withdraw' }
    const body = JSON.stringify({ site: 'club', policy: 1, source: 'banner', ...choice })
    for (;;) {
      if (!isGrant) choices.refusals.sent++
      const answer = await tryPost('/v1/consent', body)
      if (ended.signal.aborted) return
      if (answer === undefined) continue
      if (answer.status !== (isGrant ? 201 : 202)) throw new Error(`a choice was answered ${answer.status}`)
      if (isGrant) {
        // The first stays good for half a year; one of a later day would not be good after the clock was set back.
        if (receipt === '') receipt = String(answer.content.receipt)
        choices.grants.push(String(answer.content.id))
      } else choices.refusals.acknowledged++
      return
    }
  }

  /** Undefined when the fate of the request is not known, or it is to come again. */
  async function tryPost(
    path: string,
    body: string,
  ): Promise<{ status: number; content: Record<string, unknown> } | undefined> {
    try {
      const response = await fetch(url + path, {
        method: 'POST',
        signal: AbortSignal.any([ended.signal, AbortSignal.timeout(answerMs)]),
        headers: { 'content-type': 'text/plain;charset=UTF-8', origin, 'user-agent': sampleAgent },
        body,
      })
      const content = (await response.json()) as Record<string, unknown>
      if (response.status !== 503) return { status: response.status, content }
    } catch {
      // The connection was refused or broke, or no answer came in time.
    }
    counts.unanswered++
    await sleep(againMs)
    return undefined
  }

  return {
    sums,
    choices,
    refused,
    batches: () => counts.batches,
    events: () => counts.events,
    retried: () => counts.retried,
    unanswered: () => counts.unanswered,
    resume() {
      isRunning = true
      running = Array.from({ length: senders }, send)
      for (const sender of running) sender.catch(refuse)
    },
    async pause() {
      isRunning = false
      await Promise.all(running)
    },
    async repeat() {
      for (const body of last) {
        const answer = await tryPost('/v1/events', body)
        if (answer && answer.status !== 202) throw new Error(`a repeat was answered ${answer.status}`)
      }
    },
    async end() {
      isRunning = false
      ended.abort()
      await Promise.allSettled(running)
    },
  }
}
