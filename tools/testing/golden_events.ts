// One fixed set of visits: three days around a clock change, two sites in two zones, with and without consent, some
// batches sent twice. It goes through the real pipeline; what tests expect is worked out from the visits, not from rows.

import { createHash } from 'node:crypto'
import type { Site } from '../../collector/config/config.ts'
import { callName, callRow } from '../../collector/pipeline/imported_call.ts'
import { ingest } from '../../collector/pipeline/ingest.ts'
import { createParseAgent } from '../../collector/pipeline/parse_agent.ts'
import { columnsByRowVersion, firstLoad, loadDigits } from '../../collector/pipeline/row_columns.ts'
import type { Client, Lookups } from '../../collector/pipeline/stages.ts'
import type { Store } from '../../collector/store/store.ts'
import type { Batch, Event } from '../../contract/events.ts'
import { type Purpose, purposeSet } from '../../contract/purposes.ts'

/** One visit: pages seen one after the other, by one person of the site, on one of the three days. */
export type GoldenVisit = {
  readonly site: 'shop' | 'blog'
  /** The same number is the same person: 0, 1, 2 … */
  readonly person: number
  /** UTC. */
  readonly startsAt: string
  readonly isGranted: boolean
  /** A first-party id instead of an id of the day. */
  readonly hasIdentity: boolean
  readonly pages: readonly string[]
  /** Its batch arrives a second time. */
  readonly isRepeated: boolean
}

const never = 40_000

function site(values: Pick<Site, 'id' | 'name' | 'origins' | 'mode' | 'timezone' | 'minimumGroup'>): Site {
  return {
    policy: 1,
    region: 'eea',
    gpc: 'refuse',
    parameters: ['page'],
    search: { parameters: ['q'] },
    groups: [{ name: 'Products', path: '/p/*' }],
    sensitive: [],
    cookieDomain: '',
    events: [],
    numbers: ['+40211234567'],
    goals: [],
    funnels: [],
    // These days are past: with a real retention the database would delete them while the test looks.
    retention: { exemptDays: never, grantedDays: never, rollupMonths: 1200 },
    ...values,
  }
}

export const goldenSites = {
  shop: site({
    id: 'shop',
    name: 'Example shop',
    origins: ['https://shop.example.com'],
    mode: 'exempt',
    timezone: 'Europe/Bucharest',
    minimumGroup: 3,
  }),
  blog: site({
    id: 'blog',
    name: 'Example blog',
    origins: ['https://blog.example.org'],
    mode: 'strict',
    timezone: 'Asia/Kolkata',
    minimumGroup: 1,
  }),
} as const

/** Clocks in Bucharest go forward on the 29th at 01:00 UTC. */
export const goldenPeriod = { from: '2026-03-28', to: '2026-03-30' } as const

const shopPages = ['/', '/p/kite', '/p/line', '/contact', '/sale', '/about', '/p/tail']
const blogPages = ['/', '/posts/wind', '/posts/rain']

export const goldenVisits: readonly GoldenVisit[] = [...shopVisits(), ...blogVisits()]

function shopVisits(): GoldenVisit[] {
  const visits: GoldenVisit[] = []
  for (const [dayIndex, day] of ['2026-03-28', '2026-03-29', '2026-03-30'].entries()) {
    for (let person = 0; person < 9 + dayIndex; person++) {
      const length = 1 + ((person + dayIndex) % 4)
      // Everyone begins at home; the rarer pages come to few.
      const pages = Array.from(
        { length },
        (_, step) => shopPages[step === 0 ? 0 : (person + step * 2) % 7] ?? '/',
      )
      const hour = 6 + person
      visits.push({
        site: 'shop',
        person,
        startsAt: `${day}T${String(hour).padStart(2, '0')}:${String((person * 7) % 60).padStart(2, '0')}:20Z`,
        isGranted: person % 3 === 2,
        hasIdentity: person % 6 === 5,
        pages,
        isRepeated: person % 4 === 1,
      })
    }
  }
  // A second visit of the same people, late in UTC: in Bucharest it is the next day already.
  for (const person of [0, 3]) {
    const common = { site: 'shop', person, isGranted: false, hasIdentity: false, isRepeated: false } as const
    visits.push({ ...common, startsAt: '2026-03-28T22:30:00Z', pages: ['/', '/sale'] })
  }
  return visits
}

function blogVisits(): GoldenVisit[] {
  return [0, 1, 2, 3, 4].map(person => ({
    site: 'blog',
    person,
    // 18:45 UTC is a quarter past midnight in Kolkata.
    startsAt: person < 3 ? '2026-03-28T10:10:00Z' : '2026-03-28T18:45:00Z',
    // The blog is strict: without consent nothing is kept.
    isGranted: person !== 1,
    hasIdentity: person === 4,
    pages: blogPages.slice(0, 1 + (person % 3)),
    isRepeated: person === 3,
  }))
}

const everyday: readonly Purpose[] = ['statistics', 'behaviour', 'performance', 'campaigns']
const agents = [
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36',
  'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Safari/605.1.15',
  'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0',
]
const screens: readonly [number, number][] = [
  [1920, 1080],
  [390, 844],
]

/** Milliseconds into the visit at which a page is opened; what happens on it follows within half a minute. */
const pageMs = 60_000

/** What happens on each page of a visit. Every figure depends on the person and the step only. */
export function goldenEvents(visit: GoldenVisit, step: number): Event[] {
  const { person, pages, site: siteId } = visit
  const at = step * pageMs
  const isLast = step === pages.length - 1
  const origin = goldenSites[siteId].origins[0]
  const first: Partial<Event> =
    person % 3 === 0
      ? { referrer: 'https://search.example.net/find?q=kites', arrival: 'link' }
      : person % 3 === 1
        ? { arrival: 'address' }
        : { referrer: 'https://news.example.net/today', arrival: 'link' }
  const events: Omit<Event, 'seq' | 'page'>[] = [
    {
      type: 'pageview',
      at: at + 10,
      navigation: 'navigate',
      status: pages[step] === '/about' ? 404 : 200,
      title: 'A page',
      ...(step === 0 ? first : { referrer: `${origin}${pages[step - 1]}`, arrival: 'link' }),
    } as Omit<Event, 'seq' | 'page'>,
    {
      type: 'timing',
      at: at + 900,
      dns: 4,
      connect: 12,
      request: 60 + person * 10,
      response: 30,
      ttfb: 100 + person * 20,
      interactive: 400 + person * 50,
      dcl: 500 + person * 50,
      load: 800 + person * 100,
      bytes: 40_000,
      protocol: 'h2',
    } as Omit<Event, 'seq' | 'page'>,
    // In exempt mode the tracker's steps: 5 s, quarters of the page.
    { type: 'engagement', at: at + 10_000, activeMs: 10_000, visibleMs: 10_000, scroll: [1, 3] } as never,
    {
      type: 'engagement',
      at: at + 25_000,
      activeMs: 5000,
      visibleMs: 15_000,
      ...(person % 2 ? { scroll: [4, 5] } : {}),
    } as never,
  ]
  if (pages[step] === '/about')
    events.push({ type: 'error', at: at + 950, kind: 'page', status: 404 } as never)
  if (pages[step] === '/sale') {
    events.push({
      type: 'error',
      at: at + 990,
      kind: 'resource',
      tag: 'img',
      url: `${origin}/missing.png`,
      status: 404,
    } as never)
  }
  if (pages[step] === '/contact') {
    events.push({
      type: 'click',
      at: at + 20_000,
      kind: 'tel',
      target: 'call-us',
      href: 'tel:+40211234567',
    } as never)
  }
  if (isLast && person % 2 === 0) {
    events.push({
      type: 'click',
      at: at + 26_000,
      kind: 'outbound',
      target: 'partner',
      href: 'https://partner.example.net/',
    } as never)
    events.push({ type: 'exit', at: at + 26_010, method: 'link', target: 'partner.example.net' } as never)
  } else if (isLast) {
    events.push({ type: 'exit', at: at + 28_000, method: 'unknown' } as never)
  } else {
    events.push({
      type: 'click',
      at: at + 26_000,
      kind: 'internal',
      target: 'menu',
      href: `${origin}${pages[step + 1]}`,
    } as never)
    events.push({ type: 'exit', at: at + 26_010, method: 'link' } as never)
  }
  return events.map((event, seq) => ({ ...event, page: step, seq })) as Event[]
}

/** Imported calls, by site: of two countries, with area and without; the list of the second day is imported twice. */
export const goldenCalls = [
  ...[9, 11, 12, 15].map(hour => goldenCall('shop', '2026-03-28', hour, 'RO', '+40 21')),
  ...[10, 13].map(hour => goldenCall('shop', '2026-03-28', hour, 'DE', '')),
  ...[12, 16].map(hour => goldenCall('shop', '2026-03-28', hour, 'DE', '+49 30')),
  ...[8, 9, 10].map(hour => goldenCall('shop', '2026-03-30', hour, 'RO', '')),
  goldenCall('blog', '2026-03-29', 7, '', ''),
]

function goldenCall(site: GoldenVisit['site'], day: string, hour: number, country: string, area: string) {
  const at = Date.parse(`${day}T${String(hour).padStart(2, '0')}:20:30Z`)
  return { site, call: { at, dialled: '+40211234567', country, area, seconds: 30 + hour * 4.5 } }
}

function goldenCallRows(): Buffer {
  const receivedAt = Date.parse('2026-03-30T20:00:00Z')
  const key = Buffer.alloc(32, 7)
  const again = goldenCalls.filter(({ call }) => call.at > Date.parse('2026-03-30'))
  const rows = [...goldenCalls, ...again].map(({ site, call }) => {
    return callRow(goldenSites[site], call, callName(goldenSites[site], call, key)(0), receivedAt)
  })
  return Buffer.from(rows.join(''))
}

/** Into the database as acceptors and loader would bring it: one load for each day of receipt. */
export async function insertGolden(store: Store): Promise<void> {
  const lookups: Lookups = {
    dayKey: (timezone, day) => createHash('sha256').update(`${timezone} ${day}`).digest(),
    processKey: Buffer.alloc(32),
    parseAgent: createParseAgent(),
    checkReceipt: () => ({ valid: true, purposes: purposeSet([...everyday, 'identity']) }),
  }
  const loads = new Map<string, Buffer[]>()
  const arrive = (visit: GoldenVisit, number: number, delayMs: number) => {
    const { batch, receivedAt } = goldenBatch(visit, number, delayMs)
    const client = goldenClient(visit)
    const received = {
      site: goldenSites[visit.site],
      batch,
      channel: 'tracker',
      gpc: false,
      dnt: false,
      objected: false,
      userAgent: agents[visit.person % agents.length] ?? '',
      receivedAt,
    } as const
    const day = new Date(receivedAt).toISOString().slice(0, 10)
    loads.set(day, [...(loads.get(day) ?? []), Buffer.from(ingest(received, client, lookups).rows)])
  }
  for (const [number, visit] of goldenVisits.entries()) {
    arrive(visit, number, 0)
    // Some hours later, as from another collector that could not be reached: on the next day for some.
    if (visit.isRepeated) arrive(visit, number, 11 * 3600_000)
  }
  loads.set('2026-03-30', [...(loads.get('2026-03-30') ?? []), goldenCallRows()])
  let load = firstLoad
  for (const rows of loads.values()) {
    const placeholder = '0'.repeat(loadDigits)
    const lines = Buffer.concat(rows)
      .toString()
      .replaceAll(new RegExp(`^${placeholder}`, 'gm'), String(load))
    await store.insert('events', columnsByRowVersion.get(1) ?? [], Buffer.from(lines), `load-${load}`)
    load += 1
  }
}

function goldenBatch(
  visit: GoldenVisit,
  number: number,
  delayMs: number,
): { batch: Batch; receivedAt: number } {
  const { isGranted, hasIdentity, pages, person } = visit
  const sent = pages.length * pageMs
  const purposes = isGranted ? purposeSet(hasIdentity ? [...everyday, 'identity'] : everyday) : 0
  const id = (text: string, length: number) =>
    createHash('sha256').update(text).digest('base64url').slice(0, length)
  const batch: Batch = {
    v: 1,
    site: visit.site,
    batch: id(`batch ${number}`, 21).concat('A'),
    sent: sent + delayMs,
    consent: {
      level: isGranted ? 'granted' : 'exempt',
      purposes,
      policy: 1,
      signal: isGranted ? 'choice' : 'default',
      ...(isGranted ? { receipt: 'v1.golden' } : {}),
    },
    ...(hasIdentity ? { visitor: id(`identity ${visit.site} ${person}`, 21).concat('A') } : {}),
    device: { screen: screens[person % 2] ?? [1920, 1080], language: person % 2 ? 'ro-RO' : 'en-GB' },
    pages: pages.map((path, step) => ({
      id: id(`page ${number} ${step}`, 10).concat('A'),
      url: `${goldenSites[visit.site].origins[0]}${path}`,
    })),
    events: pages.flatMap((_, step) => goldenEvents(visit, step)),
  }
  return { batch, receivedAt: Date.parse(visit.startsAt) + sent + delayMs }
}

/** A person of its own for each number and site; the real ids of the day are random. */
function goldenClient({ site: siteId, person }: GoldenVisit): Client {
  return {
    prefix: '203.0.113.0',
    country: ['RO', 'DE', 'FR'][person % 3] ?? '',
    dailyId: (_site, key) =>
      1 +
      (createHash('sha256').update(key).update(`${siteId} ${person}`).digest().readUInt32LE(0) % 0xff_ffff),
  }
}
