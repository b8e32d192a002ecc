import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { Event, EventType } from '../../contract/events.ts'
import { limits } from '../../contract/limits.ts'
import {
  bucketOf,
  durationEdgesMs,
  engagementStepMs,
  resultEdges,
  scrollQuartiles,
} from '../../contract/steps.ts'
import { validateBatch } from '../../contract/validate.ts'
import { packageRoot } from '../config/package_root.ts'
import { demoPages, missingImage, missingPage } from './demo_pages.ts'
import { grantedSets } from './demo_people.ts'
import { makeTraffic, type TrafficPlan } from './demo_traffic.ts'

const plan: TrafficPlan = {
  visits: 1500,
  seed: 7,
  now: Date.parse('2026-11-23T10:15:00Z'),
  origin: 'http://127.0.0.1:8080',
  timezone: 'Europe/Bucharest',
  policy: 1,
  receipts: new Map(grantedSets.map(set => [set, `v1.demo.1.${set}.20261123.k1.${'a'.repeat(43)}`])),
}

const visits = [...makeTraffic(plan)]
const batches = visits.flatMap(requests => requests.map(({ batch }) => batch))
const events = batches.flatMap(batch => batch.events.map(event => ({ batch, event })))
const ofType = <T extends EventType>(type: T) =>
  events.filter(
    (each): each is { batch: (typeof batches)[0]; event: Event & { type: T } } => each.event.type === type,
  )

test('every batch is valid, and not larger than the tracker makes them', () => {
  for (const batch of batches) {
    expect(validateBatch(JSON.parse(JSON.stringify(batch)))).toMatchObject({ ok: true })
    expect(JSON.stringify(batch).length).toBeLessThanOrEqual(limits.trackerBatchBytesMax)
  }
  expect(visits).toHaveLength(plan.visits)
})

test('the same seed gives the same visits, another gives others', () => {
  const few = { ...plan, visits: 50 }
  expect([...makeTraffic(few)]).toEqual([...makeTraffic(few)])
  expect([...makeTraffic({ ...few, seed: 8 })]).not.toEqual([...makeTraffic(few)])
})

test('every event is of the last 72 hours, with time left to send it', () => {
  for (const { batch, event } of events) {
    expect(batch.sent - event.at).toBeGreaterThanOrEqual(0)
    expect(batch.sent - event.at).toBeLessThan(limits.eventAgeMsMax - 5 * 60_000)
  }
})

test('seq numbers the events of a page, in the order of their time', () => {
  for (const batch of batches) {
    for (const page of batch.pages.keys()) {
      const own = batch.events.filter(event => event.page === page)
      expect(own.map(({ seq }) => seq)).toEqual(own.map((_, index) => index))
      expect(own.map(({ at }) => at)).toEqual(own.map(({ at }) => at).toSorted((a, b) => a - b))
    }
  }
})

test('page ids and batch ids are there once', () => {
  const ids = batches.flatMap(batch => [batch.batch, ...batch.pages.map(({ id }) => id)])
  expect(new Set(ids).size).toBe(ids.length)
})

test('before consent figures come in steps, and what has no cell does not come', () => {
  for (const { batch, event } of events.filter(({ batch }) => batch.consent.level === 'exempt')) {
    expect(batch.visitor).toBeUndefined()
    expect(['view', 'form', 'hover']).not.toContain(event.type)
    if (event.type === 'pageview') {
      expect(event.title).toBeUndefined()
      expect(event.referrer ?? '').toMatch(/^$|^https:\/\/[^/]+\/$|^http:\/\/127\.0\.0\.1:8080\/demo\//)
    }
    if (event.type === 'engagement') {
      expect((event.activeMs ?? 0) % engagementStepMs).toBe(0)
      if (event.scroll) expect(scrollQuartiles).toContain(event.scroll[1])
    }
    if (event.type === 'click')
      expect([event.target, event.kind === 'tel' ? undefined : event.href]).toEqual([undefined, undefined])
    if (event.type === 'exit') expect(event.target).toBeUndefined()
    if (event.type === 'error') expect([event.url, event.status]).toEqual([undefined, 400])
    if (event.type === 'search')
      expect([event.term, resultEdges]).toEqual([undefined, expect.arrayContaining([event.results])])
    if (event.type === 'timing') expect(event.load).toBe(bucketOf(durationEdgesMs, event.load ?? 0))
  }
})

test('about two in five visits are of visitors who granted something', () => {
  const granted = visits.filter(requests => requests.some(({ batch }) => batch.consent.level === 'granted'))
  expect(granted.length / visits.length).toBeGreaterThan(0.3)
  expect(granted.length / visits.length).toBeLessThan(0.5)
})

test('engaged time in steps sums up to about what it was', () => {
  const seconds = (level: string) => {
    const of = ofType('engagement').filter(({ batch }) => batch.consent.level === level)
    const pages = ofType('pageview').filter(({ batch }) => batch.consent.level === level)
    return of.reduce((sum, { event }) => sum + (event.activeMs ?? 0), 0) / pages.length / 1000
  }
  // Pages of the seconds before a choice are exempt and tell no time, so exempt pages are a little shorter.
  expect(seconds('exempt') / seconds('granted')).toBeGreaterThan(0.75)
  expect(seconds('exempt') / seconds('granted')).toBeLessThan(1.15)
})

test('all that the reports can show is there', () => {
  const kinds = (type: 'click' | 'error') => new Set(ofType(type).map(({ event }) => event.kind))
  expect([...kinds('click')].sort()).toEqual(['button', 'download', 'internal', 'mailto', 'outbound', 'tel'])
  expect([...kinds('error')].sort()).toEqual(['page', 'resource'])
  expect(new Set(ofType('exit').map(({ event }) => event.method))).toEqual(
    new Set(['link', 'form', 'unknown', 'back_forward']),
  )
  const navigations = new Set(ofType('pageview').map(({ event }) => event.navigation))
  expect(navigations).toEqual(new Set(['navigate', 'route', 'reload', 'back_forward', 'consent']))
  const addresses = new Set(visits.flat().map(({ headers }) => headers['X-Forwarded-For']))
  expect(addresses.size).toBeGreaterThan(800)
})

test('nights are quieter than evenings', () => {
  const hours = visits.map(([first]) => {
    const startedAt = plan.now - (first?.batch.sent ?? 0)
    return new Date(startedAt + 2 * 3600_000).getUTCHours()
  })
  const within = (from: number, to: number) => hours.filter(hour => hour >= from && hour < to).length
  expect(within(19, 22)).toBeGreaterThan(5 * within(2, 5))
})

test.each([...demoPages.values()])(
  'the demo site has $path, with that title',
  async ({ path, title, status }) => {
    const file = path.replace('/demo/', '').replace(/\?.*$/, '')
    const isThere = existsSync(
      join(packageRoot(), 'examples/demo', file.endsWith('/') || file === '' ? `${file}index.html` : file),
    )
    expect(isThere).toBe(status !== 404)
    expect(title).not.toBe('')
  },
)

test('what is missing on purpose is missing', () => {
  for (const path of [missingImage, missingPage]) {
    expect(existsSync(join(packageRoot(), 'examples', path))).toBe(false)
  }
})
