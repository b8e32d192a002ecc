// Every report over one fixed set of visits (tools/testing/golden_events.ts), through the real pipeline, database and fold.
// The results are in reports/<name>.golden.json; `npm run golden` rewrites them, and the diff is to be read. What can be
// worked out from the visits by other means is checked against that too.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  type ClickhouseHttpServer,
  startClickhouseHttpServer,
} from '../../tools/testing/clickhouse_http_server.ts'
import {
  type GoldenVisit,
  goldenCalls,
  goldenEvents,
  goldenPeriod,
  goldenSites,
  goldenVisits,
  insertGolden,
} from '../../tools/testing/golden_events.ts'
import { createFolder } from '../fold/folder.ts'
import { migrate } from '../store/migrate.ts'
import { openStore } from '../store/open_store.ts'
import type { Store } from '../store/store.ts'
import { reportNames, runReport } from './run_report.ts'

type Row = Record<string, string | number>
type Report = { notes: string[]; columns: { name: string; type: string }[]; rows: Row[] }
type SiteId = keyof typeof goldenSites

const root = join(import.meta.dirname, '../..')
const scratch = mkdtempSync(join(tmpdir(), 'lightfoot-golden-'))
let store: Store
let server: ClickhouseHttpServer
let serverStore: Store

beforeAll(async () => {
  const beside = async () => {
    server = await startClickhouseHttpServer(join(scratch, 'server'))
    serverStore = await openStore({ dataDirectory: scratch, clickhouseUrl: server.url })
    await fill(serverStore, 'fold-server')
  }
  const embedded = async () => {
    store = await openStore({ dataDirectory: scratch, clickhouseUrl: undefined })
    await fill(store, 'fold')
  }
  await Promise.all([beside(), embedded()])
})
afterAll(async () => {
  await store.close()
  await serverStore.close()
  await server.close()
  rmSync(scratch, { recursive: true, force: true })
})

async function fill(store: Store, directory: string): Promise<void> {
  await migrate(store, { directory: join(root, 'migrations') })
  await insertGolden(store)
  const folder = createFolder({
    store,
    directory: join(scratch, directory),
    rollupsDirectory: join(root, 'rollups'),
    now: () => Date.parse('2026-03-31T12:00:00Z'),
    rollupMonths: () => ({ shop: 1200, blog: 1200 }),
  })
  await folder.recover()
  await folder.foldDirty()
}

async function report(
  name: string,
  site: SiteId,
  minimumGroup = goldenSites[site].minimumGroup,
  from = store,
): Promise<Report> {
  const asked = { ...goldenSites[site], minimumGroup }
  const { body } = await runReport(from, { name, site: asked, ...goldenPeriod, format: 'json' })
  return JSON.parse(body.toString())
}

describe('golden results', () => {
  it.each(reportNames.map(name => [name]))('%s', async name => {
    const results = [await report(name, 'shop'), await report(name, 'blog')]
    await expect(`[\n${results.map(asText).join(',\n')}\n]\n`).toMatchFileSnapshot(
      join(root, 'reports', `${name}.golden.json`),
    )
  })

  it.each(reportNames.map(name => [name]))('%s is the same from a server', async name => {
    for (const site of ['shop', 'blog'] as const) {
      expect(await report(name, site, 3, serverStore)).toEqual(await report(name, site, 3))
    }
  })

  /** JSON with a line a row, so that a diff shows which. */
  function asText({ rows, ...head }: Report): string {
    const lines = rows.map(row => `\n${JSON.stringify(row)}`)
    return `${JSON.stringify(head).slice(0, -1)},"rows":[${lines.join(',')}\n]}`
  }
})

describe('worked out from the visits', () => {
  /** What is kept: the blog is strict, so only with consent. */
  const visitsOf = (site: SiteId) =>
    goldenVisits.filter(visit => visit.site === site && (visit.isGranted || site === 'shop'))
  const eventsOf = (visit: GoldenVisit) => visit.pages.flatMap((_, step) => goldenEvents(visit, step))
  const pathViews = (site: SiteId) =>
    visitsOf(site).flatMap(visit =>
      visit.pages.map(path => ({ path, person: personOf(visit), day: localDay(visit) })),
    )
  /** On a strict site only a first-party id tells who it is. */
  const personOf = ({ site, person, hasIdentity }: GoldenVisit) =>
    site === 'shop' || hasIdentity ? person : undefined
  const localDay = ({ site, startsAt }: GoldenVisit) =>
    new Intl.DateTimeFormat('en-CA', { timeZone: goldenSites[site].timezone, dateStyle: 'short' }).format(
      Date.parse(startsAt),
    )
  const countBy = (keys: readonly string[]) => {
    const counts = new Map<string, number>()
    for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1)
    return counts
  }
  /** Different people of each day, added up over the days. */
  const dailyPeople = (views: readonly { person: number | undefined; day: string }[]) =>
    new Set(views.filter(view => view.person !== undefined).map(({ person, day }) => `${day} ${person}`)).size

  it.each(['shop', 'blog'] as const)(
    'totals of %s: every event once, though some batches came twice',
    async site => {
      const { rows } = await report('totals', site)
      const wanted = countBy(
        visitsOf(site).flatMap(visit =>
          eventsOf(visit).map(event => `${event.type} ${visit.isGranted ? 'granted' : 'exempt'}`),
        ),
      )
      expect(goldenVisits.some(visit => visit.isRepeated)).toBe(true)
      wanted.set('call imported', goldenCalls.filter(call => call.site === site).length)
      expect(new Map(rows.map(row => [`${row.type} ${row.consent}`, row.events]))).toEqual(wanted)
    },
  )

  it.each(['shop', 'blog'] as const)('pages of %s: views, visitors, engaged time', async site => {
    const { rows } = await report('pages', site, 1)
    const views = pathViews(site)
    expect(rows.length).toBe(new Set(views.map(view => view.path)).size)
    for (const row of rows) {
      const ofPath = views.filter(view => view.path === row.path)
      expect(row).toMatchObject({
        views: ofPath.length,
        visitors: dailyPeople(ofPath),
        active_ms: 15_000,
        visible_ms: 25_000,
        page_group: String(row.path).startsWith('/p/') ? 'Products' : '',
      })
    }
  })

  it('pages of shop: on each day, what fewer than three people saw is one row, and nothing is lost', async () => {
    const { rows } = await report('pages', 'shop')
    const wanted = new Map<string, { views: number; visitors: number }>()
    for (const day of ['2026-03-28', '2026-03-29', '2026-03-30']) {
      const views = pathViews('shop').filter(view => view.day === day)
      const paths = [...new Set(views.map(view => view.path))].map(path => {
        const ofPath = views.filter(view => view.path === path)
        return { path, views: ofPath.length, visitors: dailyPeople(ofPath) }
      })
      paths.sort((one, two) => one.visitors - two.visitors || (one.path < two.path ? -1 : 1))
      const [smallest] = paths
      let hidden = 0
      for (const { path, views, visitors } of paths) {
        // The next smallest goes with those below three, as long as they are fewer than three together.
        const isHidden = visitors < 3 || (Number(smallest?.visitors) < 3 && hidden < 3)
        if (isHidden) hidden += visitors
        const shown = isHidden ? '(other)' : path
        const before = wanted.get(shown) ?? { views: 0, visitors: 0 }
        wanted.set(shown, { views: before.views + views, visitors: before.visitors + visitors })
      }
    }
    expect(wanted.has('(other)')).toBe(true)
    expect(new Map(rows.map(({ path, views, visitors }) => [path, { views, visitors }]))).toEqual(wanted)
    expect(rows.reduce((sum, row) => sum + Number(row.views), 0)).toBe(pathViews('shop').length)
  })

  it('hours: of the site’s own clock, through a clock change and with a half-hour zone', async () => {
    const shop = (await report('hours', 'shop')).rows
    const wanted = countBy(
      visitsOf('shop').flatMap(visit =>
        visit.pages.map((_, step) => {
          const at = Date.parse(visit.startsAt) + step * 60_000
          const offset = at < Date.parse('2026-03-29T01:00:00Z') ? 2 : 3
          const local = new Date(at + offset * 3600_000).toISOString()
          return `${local.slice(0, 10)} ${local.slice(11, 13)}:00 +0${offset}00`
        }),
      ),
    )
    expect(new Map(shop.filter(row => row.views !== 0).map(row => [row.hour, row.views]))).toEqual(wanted)
    const blog = (await report('hours', 'blog')).rows
    expect(blog.map(row => [row.day, row.hour, row.views])).toEqual([
      ['2026-03-28', '2026-03-28 15:00 +0530', 4],
      ['2026-03-29', '2026-03-29 00:00 +0530', 3],
      // A call, and nothing on the page.
      ['2026-03-29', '2026-03-29 12:00 +0530', 0],
    ])
  })

  it('scroll: deciles with consent, quarters without', async () => {
    const { rows } = await report('scroll', 'blog')
    for (const row of rows) {
      const readers = visitsOf('blog').filter(visit => visit.pages.includes(String(row.path))) // once a visit
      const far = readers.filter(visit => visit.person % 2 === 1)
      const pages = Number(row.decile) <= 3 ? readers.length : far.length
      expect(row).toMatchObject({ pages, share: Math.round((pages / readers.length) * 10_000) / 10_000 })
    }
    const shop = (await report('scroll', 'shop', 1)).rows.filter(row => row.path === '/')
    const home = visitsOf('shop').flatMap(visit =>
      visit.pages.filter(path => path === '/').map(() => visit.person % 2),
    )
    expect(shop.map(row => [row.decile, row.pages])).toEqual([
      ...[1, 2, 3].map(decile => [decile, home.length]),
      ...[4, 5].map(decile => [decile, home.filter(isOdd => isOdd === 1).length]),
    ])
  })

  it('timings: the median lies in the bucket of the true median', async () => {
    const { rows } = await report('timings', 'blog')
    const edges = [0, 10, 25, 50, 75, 100, 150, 200, 300, 400, 500, 600, 800, 1000, 1200, 1500, 1800]
    for (const path of ['/', '/posts/wind']) {
      const people = visitsOf('blog')
        .filter(visit => visit.pages.includes(path))
        .map(visit => visit.person)
      for (const [metric, value] of [
        ['ttfb', (person: number) => 100 + person * 20],
        ['load', (person: number) => 800 + person * 100],
      ] as const) {
        const sorted = people.map(value).sort((a, b) => a - b)
        const median = sorted[Math.ceil(sorted.length / 2) - 1]!
        const from = Math.max(...edges.filter(edge => edge <= median))
        const to = Math.min(...edges.filter(edge => edge > median))
        const row = rows.find(candidate => candidate.path === path && candidate.metric === metric)!
        expect(row.samples).toBe(people.length)
        expect(row.median_ms).toBeGreaterThan(from)
        expect(row.median_ms).toBeLessThanOrEqual(to)
      }
    }
  })

  it('actions: telephone and outbound clicks', async () => {
    const { rows } = await report('actions', 'shop', 1)
    const clicks = (kind: string) =>
      visitsOf('shop')
        .flatMap(eventsOf)
        .filter(event => event.type === 'click' && event.kind === kind).length
    const sum = (kind: string) =>
      rows.filter(row => row.kind === kind).reduce((total, row) => total + Number(row.clicks), 0)
    for (const kind of ['tel', 'outbound', 'internal'])
      expect([kind, sum(kind)]).toEqual([kind, clicks(kind)])
    expect(rows.filter(row => row.kind === 'tel').every(row => row.dialled === '+40211234567')).toBe(true)
  })

  it.each([1, 3])(
    'calls: beside the clicks, each once though a list came twice; minimum %i',
    async minimum => {
      const { rows } = await report('calls', 'shop', minimum)
      const calls = goldenCalls.filter(({ site }) => site === 'shop').map(({ call }) => call)
      const clicks = visitsOf('shop')
        .flatMap(eventsOf)
        .filter(event => event.type === 'click' && event.kind === 'tel')
      const sum = (column: string) => rows.reduce((total, row) => total + Number(row[column]), 0)
      expect(sum('clicks')).toBe(clicks.length)
      expect(sum('calls')).toBe(calls.length)
      // Half seconds are rounded up, once for each row of a day.
      expect(sum('seconds')).toBeGreaterThanOrEqual(calls.reduce((total, { seconds }) => total + seconds, 0))
      expect(rows.filter(row => row.area === '+40 21').map(row => row.calls)).toEqual([4])
      expect(rows.some(row => row.country === 'DE' && row.calls !== 0)).toBe(minimum === 1)
    },
  )

  it('sources: each visit once, by where it began', async () => {
    const { rows } = await report('sources', 'shop', 1)
    const wanted = countBy(
      visitsOf('shop').map(({ person }) => ['search.example.net', '', 'news.example.net'][person % 3] ?? ''),
    )
    const found = countBy(rows.flatMap(row => Array(Number(row.views)).fill(String(row.referrer_host))))
    expect(found).toEqual(wanted)
  })

  it('flows: every step from page to page', async () => {
    const { rows } = await report('flows', 'shop', 1)
    const wanted = countBy(
      visitsOf('shop').flatMap(({ pages }) =>
        pages.map((path, step) => `${pages[step - 1] ?? ''} → ${path}`),
      ),
    )
    const found = countBy(
      rows.flatMap(row => Array(Number(row.views)).fill(`${row.from_path} → ${row.path}`)),
    )
    expect(found).toEqual(wanted)
  })

  it('audience: people by country', async () => {
    const { rows } = await report('audience', 'blog')
    const countries = rows.filter(row => row.dimension === 'country')
    expect(countries.map(row => [row.value, row.visitors]).sort()).toEqual([
      // Person 4, who allowed an id; the others of the blog are seen, but not counted.
      ['DE', 1],
      ['FR', 0],
      ['RO', 0],
    ])
  })
})
