// Batches: good ones of every type in every state, planted ones, mutated ones, and ones at and past the limits.

import { isDeepStrictEqual } from 'node:util'
import fc from 'fast-check'
import type { Random } from '../../collector/commands/demo_random.ts'
import type { Batch, BatchConsent } from '../../contract/events.ts'
import { limits } from '../../contract/limits.ts'
import { purposeBit } from '../../contract/purposes.ts'
import { validBatches } from '../testing/batches.ts'
import { type Mutation, mutate, mutations } from '../testing/mutations.ts'
import { batchesOf, plantedEverywhere } from '../testing/planted_batches.ts'
import { anyHost, exempt, type Grants, origin, siteIds } from './sites.ts'
import { oddText, one, plant } from './values.ts'

export type BatchMaker = {
  /** Valid, of one of the sites. */
  good(random: Random, index: number): Batch
  /** The same, with plants in every text that a client can fill. */
  planted(random: Random, index: number): Batch
  /** One of the good ones, changed at one place or several; valid or not. */
  mutated(random: Random, index: number): unknown
  /** Valid, but for what may be one too many. */
  large(random: Random, index: number): unknown
}

/** What fast-check makes costs a millisecond, so it makes a store of them at the start, by the same seed. */
const stored = 1200
const eventsPerPlanted = 4
/** Most have a text that fills its limit somewhere; most of a run's requests should not, or it takes three times as long. */
const smallBytes = 2500

export function createBatchMaker(seed: number, grants: Grants): BatchMaker {
  const bases = fc.sample(validBatches(), { seed, numRuns: stored })
  const small = bases.filter(base => JSON.stringify(base).length < smallBytes)
  const changes = fc.sample(mutations(), { seed, numRuns: stored * 3 })
  const [withCalls, withoutCalls] = [true, false].map(withCalls =>
    plantedEverywhere({ origin, anyHost, withCalls }),
  ) as [ReturnType<typeof plantedEverywhere>, ReturnType<typeof plantedEverywhere>]

  function good(random: Random, index: number): Batch {
    const site = one(random, siteIds)
    const base = one(random, random.chance(0.7) ? small : bases)
    const consent = consentOf(random, site, grants)
    const covers = consent.level === 'granted' && (consent.purposes & purposeBit('identity')) !== 0
    const { visitor: _, ...rest } = base
    return {
      ...rest,
      site,
      batch: batchId(random, index),
      consent,
      ...(covers && random.chance(0.7) ? { visitor: random.id(16) } : {}),
      pages: base.pages.map(page => ({ ...page, id: random.id(8), url: pageUrl(random, page.url) })),
    }
  }

  function planted(random: Random, index: number): Batch {
    const site = one(random, siteIds)
    const consent = consentOf(random, site, grants)
    // With calls a dialled number may stay, so the plants of that list have none there. By value: a claim of all purposes is
    // the grant itself where all were granted, and holds.
    const list = isDeepStrictEqual(consent, grants[site]?.[0]) ? withCalls : withoutCalls
    const from = random.whole(0, list.length - eventsPerPlanted)
    const [batch] = batchesOf(site, list.slice(from, from + eventsPerPlanted), consent) as [Batch]
    const pages = batch.pages.map(page => ({ ...page, id: random.id(8) }))
    return { ...batch, batch: batchId(random, index), pages }
  }

  function mutated(random: Random, index: number): unknown {
    let batch: unknown = good(random, index)
    const { batch: id } = batch as Batch
    for (let left = random.whole(1, 3); left > 0; left--) {
      const change = one(random, changes)
      batch = mutate(batch, {
        ...change,
        pick: random.whole(0, 1_000_000),
        value: replacement(random, change),
      })
    }
    return withOwnId(batch, id)
  }

  return { good, planted, mutated, large: (random, index) => largeBatch(random, good(random, index)) }
}

function replacement(random: Random, change: Mutation): unknown {
  if (random.chance(0.2)) return plant(random)
  return random.chance(0.2) ? oddText(random) : change.value
}

/** A mutation may write an id that is good and stands in another batch too, which would then be a repeat of it. */
function withOwnId(batch: unknown, id: string): unknown {
  if (typeof batch !== 'object' || batch === null || !('batch' in batch)) return batch
  return typeof batch.batch === 'string' && batch.batch.length === id.length ? { ...batch, batch: id } : batch
}

/** 22 characters, of which half are the index: of a million ids drawn from 32 bits some would be equal. */
function batchId(random: Random, index: number): string {
  const number = Buffer.alloc(8)
  number.writeBigUInt64BE(BigInt(index))
  return random.id(8) + number.toString('base64url')
}

function consentOf(random: Random, site: string, grants: Grants): BatchConsent {
  if (random.chance(0.4)) return exempt
  const grant = one(random, grants[site] ?? [])
  if (random.chance(0.7)) return grant
  // Claims that do not hold: of another site, of more than was granted, forged, absent.
  const other = one(random, grants[one(random, siteIds)] ?? [])
  return one(random, [
    other,
    { ...grant, purposes: 127 },
    { ...grant, policy: 1 },
    { ...grant, receipt: `${grant.receipt?.slice(0, -4)}AAAA` },
    { ...grant, receipt: `v1.${site}.2.127.20261123.1.${plant(random)}`.slice(0, limits.receiptMax) },
    { ...grant, receipt: '' },
  ])
}

/** Mostly a page of the site, else what fast-check made of it, which is dropped as foreign. */
function pageUrl(random: Random, made: string): string {
  const path = one(random, [
    '/',
    '/catalogue',
    '/order/17',
    '/health/arm',
    '/a b/ü?page=2&q=kite',
    `/p/${random.whole(1, 500)}`,
  ])
  return random.chance(0.85) ? origin + path : made
}

function largeBatch(random: Random, batch: Batch): unknown {
  const [event] = batch.events
  const events = (count: number) => ({ ...batch, events: new Array(count).fill(event) })
  const nested = (depth: number): unknown => {
    let value: unknown = 1
    for (let left = depth; left > 0; left--) value = left % 2 === 0 ? [value] : { a: value }
    return value
  }
  return one<() => unknown>(random, [
    () => events(limits.eventsMax),
    () => events(limits.eventsMax + 1),
    () => ({ ...batch, pages: new Array(limits.pagesMax + 1).fill(batch.pages[0]) }),
    () => ({ ...batch, device: nested(500) }),
    () => nested(2000),
    () => {
      // Some batches are larger than that already.
      const room = limits.bodyBytesMax - JSON.stringify(batch).length + random.whole(-2, 6)
      return { ...batch, site: 'x'.repeat(Math.max(0, room)) }
    },
    () => ({ ...batch, site: 'x'.repeat(100_000) }),
    () => Object.fromEntries(Array.from({ length: 3000 }, (_, n) => [String(n * 1024), 0])),
    () => new Array(20_000).fill(0),
  ])()
}
