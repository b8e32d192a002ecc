import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { limits } from '../../../contract/limits.ts'
import { purposeSet } from '../../../contract/purposes.ts'
import {
  everyPurpose,
  grant,
  ingestEvents,
  makeClient,
  makeLookups,
  makeSite,
  testInstant,
} from '../../../tools/testing/pipeline.ts'
import { noIdentity } from '../cells.ts'
import { eventTime } from './put_moment.ts'

const pageview = { type: 'pageview' } as const
const hourMs = 3_600_000

describe('the time of an event', () => {
  test.each([
    ['just sent', 1000, 1000, 0],
    ['two seconds before sending', 1000, 3000, -2000],
    ['fractions', 1000.4, 1002, -2],
    ['a clock that runs backwards', 5000, 1000, 0],
    ['an hour ago', 0, hourMs, -hourMs],
    ['four days ago is three', 0, 96 * hourMs, -limits.eventAgeMsMax],
    ['a month ago is three days', 0, limits.clockMsMax, -limits.eventAgeMsMax],
  ])('%s', (_, at, sent, wanted) => {
    expect(eventTime(at, sent, testInstant) - testInstant).toBe(wanted)
  })

  test.each([
    ['minute before consent', {}, '1749990840.000'],
    [
      'millisecond with statistics',
      { batch: { consent: grant(purposeSet(['statistics'])) } },
      '1749990896.789',
    ],
    [
      'local hour where neither is',
      { site: makeSite({ mode: 'strict' }), batch: { consent: grant(purposeSet(['campaigns'])) } },
      '1749988800.000',
    ],
  ])('%s', (_, given, time) => {
    const { read } = ingestEvents([{ ...pageview, at: 100_000 }], given)
    expect(read[0]).toMatchObject({ time, hour: '1749988800', day: '2025-06-15', received: '2025-06-15' })
  })

  test('a batch over midnight has two days, each with its own ids', () => {
    // 21:00:10 UTC is ten seconds past midnight in Bucharest.
    const receivedAt = Date.UTC(2025, 5, 15, 21, 0, 10)
    const events = [
      { ...pageview, at: 80_000 },
      { ...pageview, at: 99_000 },
    ]
    const [before, after] = ingestEvents(events, { receivedAt }).read
    expect([before?.day, after?.day]).toEqual(['2025-06-15', '2025-06-16'])
    expect([before?.expires, after?.expires]).toEqual(['2025-07-15', '2025-07-16'])
    expect(before?.visitor).not.toBe(after?.visitor)
    expect(before?.page).not.toBe(after?.page)
  })
})

describe('expires', () => {
  test.each([
    ['exempt', { exemptDays: 30, grantedDays: 90 }, {}, '2025-07-15'],
    ['granted', { exemptDays: 30, grantedDays: 90 }, { batch: { consent: grant(1) } }, '2025-09-13'],
    ['at least a week', { exemptDays: 1, grantedDays: 1 }, {}, '2025-06-22'],
  ])('%s', (_, retention, given, wanted) => {
    const site = makeSite({ retention: { ...retention, rollupMonths: 25 } })
    expect(ingestEvents([pageview], { site, ...given }).read[0]?.expires).toBe(wanted)
  })
})

describe('the visitor', () => {
  const visitor = 'AAECAwQFBgcICQoLDA0ODw'
  const identity = grant(everyPurpose)

  test('is an id of the day: equal within it, another on the next, on another site and of another address', () => {
    const idOf = (given: Parameters<typeof ingestEvents>[1]) =>
      ingestEvents([pageview], given).read[0]?.visitor
    const id = Number(idOf({}))
    expect(id).toBeGreaterThanOrEqual(1)
    expect(id).toBeLessThanOrEqual(2 ** 24)
    expect(idOf({ receivedAt: testInstant + hourMs })).toBe(String(id))
    expect(idOf({ receivedAt: testInstant + 24 * hourMs })).not.toBe(String(id))
    expect(idOf({ site: makeSite({ id: 'other' }) })).not.toBe(String(id))
    expect(idOf({ client: makeClient('5.2.128.78') })).not.toBe(String(id))
    expect(idOf({ client: makeClient('5.2.128.77', 'another browser') })).not.toBe(String(id))
  })

  test('is the first-party id with identity, and then no id of the day', () => {
    const { read, subjectTag } = ingestEvents([pageview], { batch: { consent: identity, visitor } })
    expect(read[0]?.identity).toBe('00010203-0405-0607-0809-0a0b0c0d0e0f')
    expect(BigInt(read[0]?.visitor ?? 0)).toBeGreaterThanOrEqual(2n ** 63n)
    expect(read[0]?.visitor).toBe(String(subjectTag))
  })

  test('two sites know one first-party id by different numbers', () => {
    const numberOf = (id: string) =>
      ingestEvents([pageview], { site: makeSite({ id }), batch: { consent: identity, visitor } }).subjectTag
    expect(numberOf('one')).not.toBe(numberOf('two'))
  })

  test.each([
    ['exempt level', { batch: { visitor } }],
    ['granted without identity', { batch: { visitor, consent: grant(purposeSet(['statistics'])) } }],
    ['a forged receipt', { batch: { visitor, consent: { ...identity, receipt: 'bad' } } }],
  ])('an id that was not granted is not kept: %s', (_, given) => {
    const { read, subjectTag } = ingestEvents([pageview], given)
    expect(read[0]?.identity).toBe(noIdentity)
    expect(Number(read[0]?.visitor)).toBeLessThanOrEqual(2 ** 24)
    expect(subjectTag).toBe(0n)
  })

  test('strict without identity: none at all', () => {
    const given = { site: makeSite({ mode: 'strict' }), batch: { visitor, consent: grant(1) } }
    expect(ingestEvents([pageview], given).read[0]).toMatchObject({ visitor: '0', identity: noIdentity })
  })

  test('without an address, no id, and it is counted', () => {
    const { notices, read } = ingestEvents([pageview], { client: makeClient('junk') })
    expect(read[0]).toMatchObject({ visitor: '0', country: '' })
    expect(notices).toEqual(['no_address'])
  })

  test('without a key, no id, a page all the same, and it is counted once', () => {
    const lookups = makeLookups({ dayKey: () => undefined })
    const { notices, read } = ingestEvents([pageview, pageview], { lookups })
    expect(read[0]?.visitor).toBe('0')
    expect(read[0]?.page).toBe(read[1]?.page)
    expect(read[0]?.page).not.toBe('0')
    expect(notices).toEqual(['no_day_key'])
  })
})

describe('the page', () => {
  test('is tied to its day and its site', () => {
    const pageOf = (given: Parameters<typeof ingestEvents>[1]) =>
      ingestEvents([pageview], given).read[0]?.page
    const page = pageOf({})
    expect(pageOf({})).toBe(page)
    expect(pageOf({ receivedAt: testInstant + 24 * hourMs })).not.toBe(page)
    expect(pageOf({ site: makeSite({ id: 'other' }) })).not.toBe(page)
    expect(pageOf({ batch: { pages: [{ id: 'pageidpage1', url: 'https://www.example.com/' }] } })).not.toBe(
      page,
    )
    expect(BigInt(page ?? 0)).toBeLessThan(2n ** 64n)
  })

  test('the key is the one of the zone', () => {
    const asked: string[] = []
    const lookups = makeLookups({
      dayKey: (timezone, day) => {
        asked.push(`${timezone} ${day}`)
        return createHash('sha256').update(day).digest()
      },
    })
    ingestEvents([pageview, pageview], { lookups, site: makeSite({ timezone: 'Pacific/Kiritimati' }) })
    expect(asked).toEqual(['Pacific/Kiritimati 2025-06-16'])
  })
})
