// The whole batch, field by field, at each bound and past it, and what the validator says of what is wrong. Events are in
// validate_event.test.ts; that the JSON Schema agrees is proved in validate_agreement.test.ts.

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { validBatches } from '../tools/testing/batches.ts'
import { faultOf } from '../tools/testing/fault_of.ts'
import { mutate, mutations } from '../tools/testing/mutations.ts'
import { limits } from './limits.ts'
import { validateBatch } from './validate.ts'

type Json = Record<string, unknown>

const click = { type: 'click', page: 0, seq: 0, at: 12.1, kind: 'outbound' }
const long = (length: number) => 'x'.repeat(length)

function batchOf(): Json & { consent: Json; device: Json; pages: Json[]; events: Json[] } {
  return {
    v: 1,
    site: 'demo',
    batch: 'rA9-_0123456789abcdefg',
    sent: 5230.4,
    consent: { level: 'exempt', purposes: 0, policy: 1, signal: 'default' },
    device: { screen: [1920, 1080], viewport: [1280, 720], language: 'en-GB' },
    pages: [{ id: 'k3-_1234567', url: 'https://www.example.com/catalogue' }],
    events: [click],
  }
}

type Change = (batch: ReturnType<typeof batchOf>) => unknown

/** The whole batch: name, change, where the fault is ('' when there is none). */
const batches: readonly [name: string, change: Change, wanted: string][] = [
  ['as it is', () => {}, ''],
  ['without a device', batch => delete (batch as Json).device, ''],
  ['with an empty device', batch => Object.assign(batch, { device: {} }), ''],
  [
    'version 2',
    batch => Object.assign(batch, { v: 2, novelty: true }),
    'v: must be 1, the only version that this collector knows',
  ],
  [
    'version as text',
    batch => Object.assign(batch, { v: '1' }),
    'v: must be 1, the only version that this collector knows',
  ],
  ['no version', batch => delete batch.v, 'v: is missing'],
  ['no site', batch => delete batch.site, 'site: is missing'],
  ['empty site', batch => Object.assign(batch, { site: '' }), 'site: must be a string of 1 to 32 characters'],
  ['site of 32', batch => Object.assign(batch, { site: long(32) }), ''],
  [
    'site of 33',
    batch => Object.assign(batch, { site: long(33) }),
    'site: must be a string of 1 to 32 characters',
  ],
  [
    'batch id of 21',
    batch => Object.assign(batch, { batch: long(21) }),
    'batch: must be 22 characters of base64url',
  ],
  [
    'batch id of 23',
    batch => Object.assign(batch, { batch: long(23) }),
    'batch: must be 22 characters of base64url',
  ],
  [
    'batch id with +',
    batch => Object.assign(batch, { batch: `+${long(21)}` }),
    'batch: must be 22 characters of base64url',
  ],
  [
    'batch id with a line feed',
    batch => Object.assign(batch, { batch: `${long(21)}\n` }),
    'batch: must be 22 characters of base64url',
  ],
  [
    'sent in text',
    batch => Object.assign(batch, { sent: '1' }),
    'sent: must be a number from 0 to 2678400000',
  ],
  ['sent at its bound', batch => Object.assign(batch, { sent: limits.clockMsMax }), ''],
  [
    'sent past it',
    batch => Object.assign(batch, { sent: limits.clockMsMax + 1 }),
    'sent: must be a number from 0 to 2678400000',
  ],
  ['no consent', batch => delete (batch as Json).consent, 'consent: is missing'],
  ['consent as a list', batch => Object.assign(batch, { consent: [] }), 'consent: must be an object'],
  ['consent as null', batch => Object.assign(batch, { consent: null }), 'consent: must be an object'],
  ['no level', batch => delete batch.consent.level, 'consent.level: is missing'],
  [
    'another level',
    batch => Object.assign(batch.consent, { level: 'denied' }),
    'consent.level: must be one of exempt, granted',
  ],
  ['no purposes', batch => delete batch.consent.purposes, 'consent.purposes: is missing'],
  ['all purposes', batch => Object.assign(batch.consent, { level: 'granted', purposes: 127 }), ''],
  [
    'more purposes than there are',
    batch => Object.assign(batch.consent, { purposes: 128 }),
    'consent.purposes: must be a whole number from 0 to 127',
  ],
  [
    'policy 0',
    batch => Object.assign(batch.consent, { policy: 0 }),
    'consent.policy: must be a whole number from 1 to 65535',
  ],
  ['policy 65535', batch => Object.assign(batch.consent, { policy: 65_535 }), ''],
  [
    'policy 65536',
    batch => Object.assign(batch.consent, { policy: 65_536 }),
    'consent.policy: must be a whole number from 1 to 65535',
  ],
  ['no signal', batch => delete batch.consent.signal, 'consent.signal: is missing'],
  ['receipt of 400', batch => Object.assign(batch.consent, { receipt: long(400) }), ''],
  [
    'receipt of 401',
    batch => Object.assign(batch.consent, { receipt: long(401) }),
    'consent.receipt: must be a string of at most 400 characters',
  ],
  [
    'something more in consent',
    batch => Object.assign(batch.consent, { x: 1 }),
    'consent: has a field that the contract does not know',
  ],
  ['device as text', batch => Object.assign(batch, { device: 'x' }), 'device: must be an object'],
  [
    'screen of three',
    batch => Object.assign(batch.device, { screen: [1, 2, 3] }),
    'device.screen: must be two whole numbers from 0 to 65535',
  ],
  ['screen at its bound', batch => Object.assign(batch.device, { screen: [65_535, 0] }), ''],
  [
    'viewport past it',
    batch => Object.assign(batch.device, { viewport: [65_536, 0] }),
    'device.viewport: must be two whole numbers from 0 to 65535',
  ],
  ['language of 35', batch => Object.assign(batch.device, { language: long(35) }), ''],
  [
    'language of 36',
    batch => Object.assign(batch.device, { language: long(36) }),
    'device.language: must be a string of at most 35 characters',
  ],
  [
    'visitor in exempt mode',
    batch => Object.assign(batch, { visitor: long(22) }),
    'visitor: must be absent unless the purpose identity is granted',
  ],
  [
    'visitor with other purposes',
    batch =>
      Object.assign(batch, {
        visitor: long(22),
        consent: { ...batch.consent, level: 'granted', purposes: 119 },
      }),
    'visitor: must be absent unless the purpose identity is granted',
  ],
  [
    'visitor with identity',
    batch =>
      Object.assign(batch, {
        visitor: long(22),
        consent: { ...batch.consent, level: 'granted', purposes: 8 },
      }),
    '',
  ],
  [
    'visitor of 21',
    batch => Object.assign(batch, { visitor: long(21) }),
    'visitor: must be 22 characters of base64url',
  ],
  ['no pages', batch => Object.assign(batch, { pages: [] }), 'pages: must be a list of 1 to 60'],
  ['60 pages', batch => Object.assign(batch, { pages: manyPages(60) }), ''],
  ['61 pages', batch => Object.assign(batch, { pages: manyPages(61) }), 'pages: must be a list of 1 to 60'],
  [
    'pages as an object',
    batch => Object.assign(batch, { pages: { 0: batch.pages[0], length: 1 } }),
    'pages: must be a list of 1 to 60',
  ],
  ['page as null', batch => batch.pages.push(null as never), 'pages[1]: must be an object'],
  ['page without id', batch => delete batch.pages[0]!.id, 'pages[0].id: is missing'],
  [
    'page id of 10',
    batch => Object.assign(batch.pages[0]!, { id: long(10) }),
    'pages[0].id: must be 11 characters of base64url',
  ],
  ['page without url', batch => delete batch.pages[0]!.url, 'pages[0].url: is missing'],
  ['page url of 2048', batch => Object.assign(batch.pages[0]!, { url: long(2048) }), ''],
  [
    'page url of 2049',
    batch => Object.assign(batch.pages[0]!, { url: long(2049) }),
    'pages[0].url: must be a string of 1 to 2048 characters',
  ],
  [
    'something more in a page',
    batch => Object.assign(batch.pages[0]!, { title: '' }),
    'pages[0]: has a field that the contract does not know',
  ],
  [
    'the same page twice',
    batch => batch.pages.push({ ...batch.pages[0]! }),
    'pages[1].id: must differ from the ids of the other pages',
  ],
  ['no events', batch => Object.assign(batch, { events: [] }), 'events: must be a list of 1 to 60'],
  ['60 events', batch => Object.assign(batch, { events: new Array(60).fill(click) }), ''],
  [
    '61 events',
    batch => Object.assign(batch, { events: new Array(61).fill(click) }),
    'events: must be a list of 1 to 60',
  ],
  ['an event as a list', batch => batch.events.push([] as never), 'events[1]: must be an object'],
  [
    'an event on the last page',
    batch => Object.assign(batch, { pages: manyPages(60), events: [{ ...click, page: 59 }] }),
    '',
  ],
  [
    'an event past the last page',
    batch => Object.assign(batch, { pages: manyPages(60), events: [{ ...click, page: 60 }] }),
    'events[0].page: must be the index of a page of the batch',
  ],
  [
    'something more',
    batch => Object.assign(batch, { user: 'x' }),
    ': has a field that the contract does not know',
  ],
  [
    '__proto__ as a key',
    batch => Object.defineProperty(batch, '__proto__', { value: {}, enumerable: true }),
    ': has a field that the contract does not know',
  ],
]

function manyPages(count: number): Json[] {
  return Array.from({ length: count }, (_, i) => ({
    id: String(i).padStart(11, '0'),
    url: 'https://example.com/',
  }))
}

describe('batches', () => {
  test.each(batches)('%s', (_, change, wanted) => {
    const batch = batchOf()
    change(batch)
    expect(faultOf(batch)).toBe(wanted)
  })

  test.each([null, undefined, 1, '', 'x', true, [], [batchOf()]])('%j is no batch', value => {
    expect(faultOf(value)).toBe(value === undefined ? ': is missing' : ': must be an object')
  })

  test('a good batch comes back as the same object, typed', () => {
    const batch = batchOf()
    const verdict = validateBatch(batch)
    expect(verdict.ok && verdict.batch).toBe(batch)
  })
})

test('no fault holds anything of what was sent, and no value makes the validator throw', () => {
  const canary = 'Kanarienvogel'
  let faults = 0
  fc.assert(
    fc.property(validBatches(), mutations(), fc.boolean(), (batch, mutation, asKey) => {
      const sent = asKey
        ? { ...mutation, kind: 'add', key: canary }
        : { ...mutation, kind: 'replace', value: canary }
      const verdict = validateBatch(mutate(batch, sent))
      if (verdict.ok) return
      faults++
      expect(verdict.path + verdict.message).not.toContain(canary)
      expect(verdict.path).toMatch(/^$|^[a-zA-Z]+(\[\d{1,2}\])?(\.[a-zA-Z]+)?$/)
    }),
    { numRuns: 2000 },
  )
  expect(faults).toBeGreaterThan(500)
})
