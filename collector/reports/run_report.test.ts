import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { goldenSites } from '../../tools/testing/golden_events.ts'
import { migrate } from '../store/migrate.ts'
import { openStore } from '../store/open_store.ts'
import type { Store } from '../store/store.ts'
import { parseReport } from './report_files.ts'
import { type ReportQuestion, reportNames, reports, runReport } from './run_report.ts'
import { textTable } from './text_table.ts'

type Row = Record<string, string | number>

const root = join(import.meta.dirname, '../..')
const scratch = mkdtempSync(join(tmpdir(), 'lightfoot-reports-'))
const site = { ...goldenSites.shop, minimumGroup: 1 }
let store: Store

beforeAll(async () => {
  store = await openStore({ dataDirectory: scratch, clickhouseUrl: undefined })
  await migrate(store, { directory: join(root, 'migrations') })
})
afterAll(async () => {
  await store.close()
  rmSync(scratch, { recursive: true, force: true })
})

const ask = (question: Partial<ReportQuestion> = {}) =>
  runReport(store, { name: 'pages', site, from: '2026-11-20', to: '2026-11-20', format: 'json', ...question })
const askRows = async (question: Partial<ReportQuestion> = {}): Promise<Row[]> =>
  JSON.parse((await ask(question)).body.toString()).rows

/** One row of a rollup; what is not named is empty. */
async function put(rollup: string, values: Row): Promise<void> {
  const row = {
    site: 'shop',
    day: '2026-11-20',
    ...(['rollup_scroll', 'rollup_timings'].includes(rollup) ? {} : { hour: '2026-11-20 10:00:00' }),
    expires: '2100-01-01',
    ...values,
  }
  const columns = Object.keys(row)
  const bound = columns.map(column => `{${column}:String}`)
  await store.command(`insert into ${rollup} (${columns}) select ${bound}`, row)
}

describe('minimum group', () => {
  beforeEach(() => store.command('truncate table rollup_pages'))

  const put1 = (path: string, size: number, values: Row = {}) =>
    put('rollup_pages', { path, views: size, daily_ids: size, ...values })
  const shown = async (minimumGroup: number, to = '2026-11-20') =>
    (await askRows({ site: { ...site, minimumGroup }, to })).map(
      row => `${row.path} ${row.views} ${row.visitors}`,
    )

  // Sizes of the pages /0, /1 …; the least that is shown; what is shown.
  const cases: [string, number[], number, string[]][] = [
    ['off: everything is shown, even what nobody with an id saw', [3, 0], 1, ['/0 3 3', '/1 0 0']],
    ['nothing is below', [7, 5], 5, ['/0 7 7', '/1 5 5']],
    ['those below are enough together', [9, 3, 2], 5, ['/0 9 9', '(other) 5 5']],
    ['one below takes the next smallest with it', [9, 7, 1], 5, ['/0 9 9', '(other) 8 8']],
    ['several below take one more', [9, 6, 2, 1], 5, ['/0 9 9', '(other) 9 9']],
    ['a small one leaves nothing else', [6, 1], 5, ['(other) 7 7']],
    ['too few all together: nothing', [2, 1], 5, []],
    ['one too small: nothing', [4], 5, []],
    ['exactly the minimum', [5], 5, ['/0 5 5']],
    ['nothing at all', [], 5, []],
  ]
  it.each(cases)('%s', async (_name, sizes, minimum, wanted) => {
    for (const [index, size] of sizes.entries()) await put1(`/${index}`, size)
    expect(await shown(minimum)).toEqual(wanted)
  })

  it('is each day’s own: a page is shown with the days on which it was seen by enough', async () => {
    const days = ['2026-11-20', '2026-11-21', '2026-11-22']
    for (const [index, day] of days.entries()) {
      await put1('/few', 2, { day })
      await put1('/many', 5 + index, { day })
    }
    await put1('/few', 9)
    expect(await shown(5)).toEqual(['/few 11 11', '/many 5 5'])
    expect(await shown(5, days[1])).toEqual(['/few 11 11', '/many 5 5', '(other) 8 8'])
    expect(await shown(5, days[2])).toEqual(['/few 11 11', '/many 5 5', '(other) 17 17'])
  })

  it('leaves a day out that has too few in all, and shows the others', async () => {
    await put1('/', 7)
    await put1('/', 2, { day: '2026-11-21' })
    await put1('/far', 2, { day: '2026-11-21' })
    expect(await shown(5, '2026-11-21')).toEqual(['/ 7 7'])
  })

  it('counts ids only: many pages without one may be one person’s', async () => {
    await put1('/identities', 5, { daily_ids: 2, identities: 3 })
    await put1('/without', 50, { daily_ids: 0, without_id: 50 })
    await put1('/few', 54, { daily_ids: 4, without_id: 50 })
    expect(await shown(4)).toEqual(['/identities 5 5', '(other) 104 4'])
    expect(await shown(5)).toEqual(['(other) 109 9'])
    expect(await shown(10)).toEqual([])
    expect(await shown(1)).toEqual(['/few 54 4', '/without 50 0', '/identities 5 5'])
  })

  it('is each dimension’s own in the audience', async () => {
    const put2 = (dimension: string, value: string, size: number) =>
      put('rollup_audience', { dimension, value, views: size, daily_ids: size })
    await put2('country', 'DE', 9)
    await put2('country', 'FR', 2)
    await put2('country', '', 3)
    await put2('device', 'mobile', 14)
    const rows = await askRows({ name: 'audience', site: { ...site, minimumGroup: 5 } })
    expect(rows.map(row => `${row.dimension} ${row.value} ${row.visitors}`)).toEqual([
      'country DE 9',
      'country (other) 5',
      'device mobile 14',
    ])
  })

  it('is of clicks and of calls, each for itself', async () => {
    await put('rollup_calls', { country: 'DE', calls: 5, duration_ms: 1500 })
    await put('rollup_calls', { country: 'FR', calls: 9, clicks: 2, daily_ids: 2 })
    await put('rollup_calls', { country: 'RO', clicks: 7, daily_ids: 6, calls: 3 })
    const shown = async (minimumGroup: number) =>
      (await askRows({ name: 'calls', site: { ...site, minimumGroup } })).map(row =>
        [row.dialled, row.country, row.clicks, row.visitors, row.calls, row.seconds].join(' '),
      )
    expect(await shown(5)).toEqual([' DE 0 0 5 2', '(other)  9 8 12 0'])
    expect(await shown(3)).toEqual([' DE 0 0 5 2', '(other)  9 8 12 0'])
    expect(await shown(11)).toEqual([])
    await store.command('truncate table rollup_calls')
  })

  it('holds in every report', async () => {
    const people = { daily_ids: 3, identities: 1, without_id: 9 }
    await put('rollup_sources', { ...people, views: 4, referrer_host: 'a.com' })
    await put('rollup_flows', { ...people, views: 4, path: '/a' })
    await put('rollup_actions', { ...people, clicks: 4, kind: 'tel' })
    await put('rollup_exits', { ...people, exits: 4, path: '/a' })
    await put('rollup_calls', { ...people, clicks: 4, calls: 9, country: 'DE' })
    await put('rollup_errors', { ...people, errors: 4, path: '/a' })
    await put('rollup_scroll', { ...people, path: '/a', decile: 0 })
    await put('rollup_scroll', { path: '/a', decile: 1, pages: 4 })
    await put('rollup_timings', { ...people, path: '/a', metric: 'timing' })
    await put('rollup_timings', { path: '/a', metric: 'load', bucket_from: 100, bucket_to: 150, samples: 4 })
    await put1('/a', 4, people)
    const withMinimum = [
      'actions',
      'audience',
      'calls',
      'errors',
      'exits',
      'flows',
      'pages',
      'scroll',
      'sources',
      'timings',
    ]
    expect(reportNames.filter(name => !withMinimum.includes(name))).toEqual(['totals', 'hours'])
    await store.command('truncate table rollup_audience')
    await put('rollup_audience', { ...people, views: 4, dimension: 'country', value: 'DE' })
    for (const name of withMinimum) {
      expect([name, (await askRows({ name, site: { ...site, minimumGroup: 4 } })).length]).toEqual([name, 1])
      expect([name, await askRows({ name, site: { ...site, minimumGroup: 5 } })]).toEqual([name, []])
    }
  })
})

describe('visitors', () => {
  beforeEach(() => store.command('truncate table rollup_pages'))

  it('are corrected for ids that meet, day by day', async () => {
    // 2 million different ids of 16.8 million: some of the people have met in one.
    const m = 2 ** 24
    const met = Math.round(-m * Math.log(1 - 2_000_000 / m))
    await put('rollup_pages', { path: '/', views: 1, daily_ids: 2_000_000, identities: 10 })
    expect((await askRows())[0]?.visitors).toBe(met + 10)
    await put('rollup_pages', { path: '/', views: 1, daily_ids: 2_000_000, day: '2026-11-21' })
    expect((await askRows({ to: '2026-11-21' }))[0]?.visitors).toBe(2 * met + 10)
  })

  it('stay a number when every id is taken', async () => {
    await put('rollup_pages', { path: '/', views: 1, daily_ids: 2 ** 24 })
    expect((await askRows())[0]?.visitors).toBeGreaterThan(2 ** 24)
  })
})

describe('scroll', () => {
  it('is a share of all views, also of those that were not scrolled; visitors are the page’s', async () => {
    await store.command('truncate table rollup_scroll')
    await store.command('truncate table rollup_pages')
    const days = ['2026-11-20', '2026-11-21']
    for (const day of days) await put('rollup_pages', { day, path: '/', views: 8, daily_ids: 8 })
    await put('rollup_pages', { path: '/not-scrolled', views: 8, daily_ids: 8 })
    await put('rollup_scroll', { path: '/', decile: 0, daily_ids: 4 })
    await put('rollup_scroll', { path: '/', decile: 1, pages: 4 })
    await put('rollup_scroll', { path: '/', decile: 2, pages: 2 })
    expect(await askRows({ name: 'scroll', to: days[1] as string })).toEqual([
      { path: '/', decile: 1, pages: 4, share: 0.25, visitors: 4 },
      { path: '/', decile: 2, pages: 2, share: 0.125, visitors: 4 },
    ])
    // With a minimum, of the views of days that are shown; what nobody scrolled takes no other page into (other).
    const minimum = { ...site, minimumGroup: 3 }
    expect(await askRows({ name: 'scroll', site: minimum, to: days[1] as string })).toEqual([
      { path: '/', decile: 1, pages: 4, share: 0.5, visitors: 4 },
      { path: '/', decile: 2, pages: 2, share: 0.25, visitors: 4 },
    ])
  })
})

describe('timings', () => {
  it('interpolates inside the buckets, and stops at the last one', async () => {
    await store.command('truncate table rollup_timings')
    const bucket = (from: number, to: number, samples: number) =>
      put('rollup_timings', { path: '/', metric: 'load', bucket_from: from, bucket_to: to, samples })
    await bucket(100, 150, 50)
    await bucket(200, 300, 40)
    await bucket(60_000, 0, 10)
    await put('rollup_timings', { path: '/', metric: 'LCP', bucket_from: 0, bucket_to: 10, samples: 1 })
    // 50 of 100 at the end of the first bucket; 75 is 25 of 40 into the second (262.5); 95 is in the one without an end.
    expect(await askRows({ name: 'timings' })).toEqual([
      { path: '/', metric: 'load', samples: 100, median_ms: 150, p75_ms: 262, p95_ms: 60_000, visitors: 0 },
      { path: '/', metric: 'LCP', samples: 1, median_ms: 5, p75_ms: 8, p95_ms: 10, visitors: 0 },
    ])
  })
})

describe('formats', () => {
  beforeAll(async () => {
    await store.command('truncate table rollup_pages')
    await put('rollup_pages', { path: '/a "quoted", path', views: 12, active_ms: 12_000, daily_ids: 12 })
    await put('rollup_pages', { path: '/b', views: 3, daily_ids: 3 })
  })
  const text = async (format: ReportQuestion['format']) => (await ask({ format })).body.toString()

  it('json', async () => {
    const { contentType, body } = await ask()
    expect(contentType).toBe('application/json; charset=utf-8')
    expect(JSON.parse(body.toString())).toMatchObject({
      report: 'pages',
      site: 'shop',
      from: '2026-11-20',
      to: '2026-11-20',
      timezone: 'Europe/Bucharest',
      notes: [
        'Many people behind one address count as few visitors; who has no id at all is not among them.',
      ],
      columns: expect.arrayContaining([{ name: 'views', type: 'UInt64' }]),
      rows: [{ path: '/a "quoted", path', views: 12, active_ms: 1000 }, { path: '/b' }],
    })
  })

  it('csv', async () => {
    expect(await text('csv')).toBe(
      '"path","page_group","views","active_ms","visible_ms","visitors"\n"/a ""quoted"", path","",12,1000,0,12\n"/b","",3,0,0,3\n',
    )
  })

  it('ndjson', async () => {
    const lines = (await text('ndjson')).trimEnd().split('\n')
    expect(lines.map(line => JSON.parse(line).views)).toEqual([12, 3])
  })

  it('parquet', async () => {
    const { contentType, body } = await ask({ format: 'parquet' })
    expect(contentType).toBe('application/vnd.apache.parquet')
    expect([body.subarray(0, 4).toString(), body.subarray(-4).toString()]).toEqual(['PAR1', 'PAR1'])
  })

  it('table', async () => {
    expect(await text('table')).toBe(`pages, shop, 2026-11-20 (Europe/Bucharest)

path               page_group  views  active_ms  visible_ms  visitors
─────────────────  ──────────  ─────  ─────────  ──────────  ────────
/a "quoted", path                 12       1000           0        12
/b                                 3          0           0         3

Many people behind one address count as few visitors; who has no id at all is not among them.
`)
  })

  it('table without rows', async () => {
    const { body } = await ask({ format: 'table', from: '2020-01-01', to: '2020-01-02' })
    expect(body.toString()).toMatch(
      /^pages, shop, 2020-01-01 to 2020-01-02 \(Europe\/Bucharest\)\n\nNothing in this period\.\n/,
    )
  })

  it('a table keeps control characters from the terminal, and long cells short', () => {
    const columns = [{ name: 'path', type: 'String' }]
    const written = textTable(columns, [{ path: `/\u001b[31mred${'x'.repeat(90)}` }])
    expect(written).not.toContain('\u001b')
    expect(written.split('\n')[2]).toMatch(/^\/ \[31mredx+…$/)
  })

  it('notes what the period and the minimum make worth saying', async () => {
    const { body } = await ask({ site: { ...site, minimumGroup: 7 }, to: '2026-11-21' })
    expect(JSON.parse(body.toString()).notes).toEqual([
      "Visitors are the sum of each day's visitors, so who came on two days counts twice.",
      'Many people behind one address count as few visitors; who has no id at all is not among them.',
      expect.stringMatching(
        /^What has fewer than 7 visitors on a day .* left out\. Who has no id counts as none .*\.$/,
      ),
    ])
  })
})

describe('many rows', () => {
  const note = 'Only the first 10000 rows are shown; csv, ndjson and parquet give all of them.'
  const fill = async (count: number) => {
    await store.command('truncate table rollup_pages')
    await store.command(
      `insert into rollup_pages (site, day, hour, path, views, daily_ids, expires)
       select 'shop', '2026-11-20', '2026-11-20 10:00:00', concat('/', toString(number)), 1, 1, '2100-01-01'
       from numbers({count:UInt32})`,
      { count },
    )
  }
  const read = async (format: ReportQuestion['format'], question: Partial<ReportQuestion> = {}) =>
    (await ask({ format, ...question })).body.toString()

  it('as many as people are shown: all of them, and no note', async () => {
    await fill(10_000)
    const { rows, notes } = JSON.parse(await read('json'))
    expect([rows.length, notes.includes(note)]).toEqual([10_000, false])
    expect(await read('table')).not.toContain(note)
  })

  it('one more: people are told, programs get all of them', async () => {
    await fill(10_001)
    const { rows, notes } = JSON.parse(await read('json'))
    expect([rows.length, notes.includes(note)]).toEqual([10_000, true])
    const table = await read('table')
    expect(table.split('\n').filter(line => line.startsWith('/'))).toHaveLength(10_000)
    expect(table).toContain(note)
    expect((await read('csv')).trimEnd().split('\n')).toHaveLength(1 + 10_001)
    expect((await read('ndjson')).trimEnd().split('\n')).toHaveLength(10_001)
  })

  it('hours are all there: their number is the calendar’s', async () => {
    await store.command('truncate table rollup_totals')
    await store.command(
      `insert into rollup_totals (site, day, hour, type, consent, events, raw_expires, expires)
       select 'shop', '2026-11-20', toDateTime('2020-01-01 00:00:00', 'UTC') + number * 3600, 'pageview', 'exempt', 1,
              '2100-01-01', '2100-01-01'
       from numbers(18300)`,
    )
    const { rows, notes } = JSON.parse(await read('json', { name: 'hours' }))
    expect([rows.length, notes.includes(note)]).toEqual([18_300, false])
  })
})

describe('questions', () => {
  it.each([
    [
      'an unknown report',
      { name: 'nope' },
      'unknown_report',
      /^there is no such report; there are: totals, hours, /,
    ],
    [
      'a report of a path',
      { name: '../migrations/0001_events' },
      'unknown_report',
      /^there is no such report/,
    ],
    ['a day that is none', { from: '2026-02-30' }, 'wrong_period', 'from and to are days such as 2026-02-28'],
    ['no day', { to: "2026-01-01'" }, 'wrong_period', 'from and to are days such as 2026-02-28'],
    [
      'the last day first',
      { to: '2026-01-01' },
      'wrong_period',
      /^the first day \(2026-11-20\) is after the last/,
    ],
    ['too long', { from: '1990-01-01' }, 'wrong_period', 'a period is at most ten years'],
  ])('%s', async (_name, question, code, message) => {
    const error = await ask(question).catch(thrown => thrown)
    expect(error).toMatchObject({ name: 'ReportError', code })
    expect(error.message).toMatch(message)
    expect(error.message).not.toContain('\n')
  })

  it('shows nothing of another site', async () => {
    expect(await askRows({ site: { ...site, id: 'other' } })).toEqual([])
  })
})

describe('files', () => {
  it('has the reports that are promised, in the order in which they are read', () => {
    expect(reportNames.join(' ')).toBe(
      'totals hours pages sources flows audience actions calls scroll timings exits errors',
    )
    expect(reports.find(report => report.name === 'pages')).toEqual({
      name: 'pages',
      title: 'Pages',
      description: 'What was looked at, how often and for how long.',
    })
  })

  it.each(reportNames.map(name => [name]))(
    '%s: bound parameters, rollups only, columns as its header says',
    async name => {
      const sql = readFileSync(join(root, 'reports', `${name}.sql`), 'utf8')
      const parameters = [...sql.matchAll(/\{(\w+):(\w+)\}/g)].map(match => match.slice(1).join(' '))
      expect(['site String', 'from Date', 'to Date', 'minimum UInt32', 'timezone String']).toEqual(
        expect.arrayContaining([...new Set(parameters)]),
      )
      const tables = [...sql.matchAll(/(?:from|join) (\w+)/g)].map(match => match[1] ?? '')
      expect(tables.some(table => table.startsWith('rollup_'))).toBe(true)
      expect(tables.filter(table => /^(events|day_rows|fold_)/.test(table))).toEqual([])
      const header = sql.slice(0, sql.indexOf('\nwith'))
      const documented = [...header.matchAll(/^-- {3}(\w+) {2,}/gm)].map(match => match[1])
      const { body } = await ask({ name })
      const { columns } = JSON.parse(body.toString()) as { columns: { name: string }[] }
      expect(columns.map(column => column.name)).toEqual(documented)
    },
  )

  it('reads title, description and notes from the header', () => {
    const sql = `-- Some thing: what it says.
--
-- Columns:
--   path  page
-- Note: one
--       goes on.
-- Note, minimum: fewer than {minimum}.
select 1`
    expect(parseReport('thing.sql', sql)).toMatchObject({
      name: 'thing',
      title: 'Some thing',
      description: 'What it says.',
      notes: [
        { when: 'always', text: 'one goes on.' },
        { when: 'minimum', text: 'fewer than {minimum}.' },
      ],
    })
    expect(() => parseReport('thing.sql', 'select 1')).toThrow(
      'reports/thing.sql: the first line is not like',
    )
  })
})
