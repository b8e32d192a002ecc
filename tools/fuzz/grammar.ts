// The grammar: from a seed and an index to one request, good or broken at any level. Each index is drawn by itself, so that
// one request can be made again without those before it.

import { createRandom, type Random } from '../../collector/commands/demo_random.ts'
import { limits } from '../../contract/limits.ts'
import { createBatchMaker } from './batches.ts'
import { brokenText } from './broken_text.ts'
import { plainHeaders, plantedHeaders } from './headers.ts'
import { oddHead } from './heads.ts'
import { taken, wantedOfBody } from './oracle.ts'
import { rawBytes } from './raw_bytes.ts'
import type { FuzzRequest, Headers, Raw, Spoken, Wanted } from './request.ts'
import { askedRoute, choice } from './routes.ts'
import type { Grants } from './sites.ts'

export type Grammar = (index: number) => FuzzRequest

type Kind = {
  readonly kind: string
  readonly weight: number
  make(random: Random, index: number): Spoken | Raw
}

/** 32 bits of seed and index, spread: neighbours have nothing in common. */
function seedOf(seed: number, index: number): number {
  return Math.imul(Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b) ^ (index + 1), 0xc2b2ae35)
}

export function createGrammar(seed: number, grants: Grants): Grammar {
  const batches = createBatchMaker(seed, grants)
  const good = (random: Random, index: number) => Buffer.from(JSON.stringify(batches.good(random, index)))
  const post = (random: Random, body: Buffer, wanted: Wanted, more: Headers = {}): Spoken => {
    const headers = { ...(random.chance(0.5) ? plainHeaders : plantedHeaders(random)), ...more }
    return { method: 'POST', path: '/v1/events', headers, body, wanted }
  }
  const judged = (random: Random, body: Buffer) => post(random, body, wantedOfBody(body))

  const kinds: readonly Kind[] = [
    {
      kind: 'good batch',
      weight: 36,
      make(random, index) {
        const batch = batches.good(random, index)
        const body = Buffer.from(JSON.stringify(batch))
        const isTooLarge = body.length > limits.bodyBytesMax
        return post(
          random,
          body,
          isTooLarge ? { statuses: [413] } : { statuses: [taken], events: batch.events.length },
        )
      },
    },
    {
      kind: 'planted batch',
      weight: 18,
      make(random, index) {
        const batch = batches.planted(random, index)
        return post(random, Buffer.from(JSON.stringify(batch)), {
          statuses: [taken],
          events: batch.events.length,
        })
      },
    },
    {
      kind: 'mutated batch',
      weight: 20,
      make: (random, index) =>
        judged(random, Buffer.from(JSON.stringify(batches.mutated(random, index)) ?? '')),
    },
    {
      kind: 'broken text',
      weight: 10,
      make: (random, index) => judged(random, brokenText(good(random, index).toString(), random)),
    },
    {
      kind: 'large batch',
      weight: 0.5,
      make: (random, index) => judged(random, Buffer.from(JSON.stringify(batches.large(random, index)))),
    },
    {
      kind: 'odd head',
      weight: 6,
      make(random, index) {
        const small = Buffer.from(JSON.stringify(batches.planted(random, index)))
        const { headers, body = small, statuses, isNodes = false } = oddHead(small, random)
        const { events } = JSON.parse(small.toString()) as { events: unknown[] }
        return post(random, body, { statuses, events: events.length, isNodes }, headers)
      },
    },
    { kind: 'choice', weight: 3, make: random => ({ headers: plantedHeaders(random), ...choice(random) }) },
    {
      kind: 'route',
      weight: 4,
      make: random => ({ headers: plantedHeaders(random), ...askedRoute(random) }),
    },
    { kind: 'raw bytes', weight: 2.5, make: random => ({ raw: rawBytes(random), wanted: { statuses: [] } }) },
  ]

  return index => {
    const random = createRandom(seedOf(seed, index))
    const { kind, make } = random.pick(kinds)
    return { index, kind, ...make(random, index) }
  }
}
