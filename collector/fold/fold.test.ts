import { cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type EventRow, insertRows } from '../../tools/testing/event_rows.ts'
import { rollupSums } from '../../tools/testing/rollup_sums.ts'
import { localTime } from '../pipeline/local_time.ts'
import { firstLoad } from '../pipeline/row_columns.ts'
import { migrate } from '../store/migrate.ts'
import { openStore } from '../store/open_store.ts'
import type { Store } from '../store/store.ts'
import { createFolder, type FolderOptions } from './folder.ts'
import { readRollups } from './rollup_files.ts'

const root = join(import.meta.dirname, '../..')
const rollupsDirectory = join(root, 'rollups')
const day = '2026-11-20'
const scratch = mkdtempSync(join(tmpdir(), 'lightfoot-fold-'))
let store: Store
let clock = Date.parse('2026-11-21T12:00:00Z')
let load = firstLoad
let round = 0

beforeAll(async () => {
  store = await openStore({ dataDirectory: scratch, clickhouseUrl: undefined })
  await migrate(store, { directory: join(root, 'migrations') })
})
afterAll(async () => {
  await store.close()
  rmSync(scratch, { recursive: true, force: true })
})
beforeEach(async () => {
  clock = Date.parse('2026-11-21T12:00:00Z')
  round += 1
  await store.command('truncate table events')
  for (const { name } of readRollups(rollupsDirectory)) await store.command(`truncate table rollup_${name}`)
})

const directory = () => join(scratch, `fold-${round}`)
/** A fold of all rollups takes 0.4 s of CPU: where a test reads a few of them, those are folded. */
const only = (...names: string[]) => {
  const few = join(scratch, names.join('-'))
  mkdirSync(few, { recursive: true })
  for (const name of names) cpSync(join(rollupsDirectory, `${name}.sql`), join(few, `${name}.sql`))
  return few
}
const newFolder = (options: Partial<FolderOptions> = {}) =>
  createFolder({
    store,
    directory: directory(),
    rollupsDirectory: only('flows', 'pages'),
    now: () => clock,
    ...options,
  })
const fold = async (options: Partial<FolderOptions> = {}) => {
  const folder = newFolder(options)
  await folder.recover()
  await folder.foldDays(day, day)
}
const arrive = async (rows: readonly EventRow[]) => {
  load += 10
  await insertRows(store, load, rows)
}
/** Sums over all rows of the rollup by these columns; the database's numbers as numbers. */
const rollup = async (name: string, dimensions: string, measure: string) => {
  const rows = await store.query<Record<string, unknown>>(
    `select ${dimensions}, toUInt32(sum(${measure})) as n, toUInt32(sum(daily_ids)) as ids, toUInt32(sum(identities)) as identities
     from rollup_${name} group by ${dimensions} order by ${dimensions}`,
  )
  return rows.map(row => Object.values(row).join(' '))
}
/** All rows of all rollups, as text. */
const rollupBytes = async () => {
  const tables = readRollups(rollupsDirectory).map(({ name }) =>
    store.read(`select '${name}', * from rollup_${name} order by all`, {}, 'TabSeparated'),
  )
  return Buffer.concat(await Promise.all(tables)).toString()
}
const someRows = (): EventRow[] =>
  Array.from({ length: 600 }, (_, index): EventRow => {
    const common = {
      page: 1000 + (index % 150),
      seq: Math.floor(index / 150),
      // Over all ids that there are, so that each slice has some.
      visitor: 1 + (index % 40) * 400_000,
      path: `/${index % 7}`,
    }
    const hour = `${day} ${String(8 + (index % 5)).padStart(2, '0')}:00:00`
    if (index < 150) return { ...common, hour, type: 'pageview', country: index % 2 ? 'DE' : 'FR' }
    if (index < 300)
      return { ...common, hour, type: 'engagement', active_ms: 5000, scroll_from: 1, scroll_to: 3 }
    if (index < 450) return { ...common, hour, type: 'timing', ttfb_ms: index, load_ms: index * 3 }
    return { ...common, hour, type: 'click', kind: 'internal' }
  })

describe('rollups', () => {
  it('counts a visitor once a day and dimension, in the hour of the first row', async () => {
    const identity = '9223372036854775809'
    await arrive([
      { page: 1, seq: 0, visitor: 7, hour: `${day} 12:00:00` },
      { page: 2, seq: 0, visitor: 7, hour: `${day} 09:00:00` },
      { page: 3, seq: 0, visitor: 7, path: '/b', hour: `${day} 10:00:00` },
      { page: 4, seq: 0, visitor: 8, hour: `${day} 12:00:00` },
      { page: 5, seq: 0, visitor: identity, hour: `${day} 12:00:00` },
      { page: 6, seq: 0, visitor: 0, hour: `${day} 12:00:00` },
      { page: 7, seq: 0, visitor: 7, hour: `${day} 12:00:00`, site: 'other' },
    ])
    await fold({ rollupsDirectory: only('pages') })
    expect(await rollup('pages', 'site, path, hour', 'views')).toEqual([
      `other / ${day} 12:00:00 1 1 0`,
      `shop / ${day} 09:00:00 1 1 0`,
      `shop / ${day} 12:00:00 4 1 1`,
      `shop /b ${day} 10:00:00 1 1 0`,
    ])
  })

  it('does not count a page again on which consent was given', async () => {
    await arrive([
      { page: 1, seq: 0, visitor: 7 },
      { page: 2, seq: 0, visitor: '9223372036854775809', navigation: 'consent', consent: 'granted' },
      {
        page: 2,
        seq: 1,
        visitor: '9223372036854775809',
        type: 'engagement',
        active_ms: 700,
        consent: 'granted',
      },
    ])
    await fold({ rollupsDirectory: only('audience', 'pages', 'totals') })
    expect(await rollup('pages', 'path', 'views')).toEqual(['/ 1 1 0'])
    expect(await rollup('pages', 'path', 'active_ms')).toEqual(['/ 700 1 0'])
    expect(await rollup('audience', 'dimension', 'views')).toContain('country 1 1 0')
    expect(await rollup('totals', 'type, consent', 'events')).toEqual([
      'engagement granted 1 0 1',
      'pageview exempt 1 1 0',
      'pageview granted 1 0 1',
    ])
  })

  it('counts a page that begins with consent, where nothing was sent before', async () => {
    const landing = { navigation: 'consent', arrival: 'link', referrer_host: 'a.com', consent: 'granted' }
    await arrive([{ page: 1, seq: 0, visitor: 7, ...landing }])
    await fold({ rollupsDirectory: only('audience', 'flows', 'pages', 'sources') })
    expect(await rollup('pages', 'path', 'views')).toEqual(['/ 1 1 0'])
    expect(await rollup('flows', 'path, arrival', 'views')).toEqual(['/ link 1 1 0'])
    expect(await rollup('sources', 'referrer_host', 'views')).toEqual(['a.com 1 1 0'])
    expect(await rollup('audience', 'dimension', 'views')).toContain('country 1 1 0')
  })

  /** Each case is a page view on a site of its own, so that one fold does for all. */
  const foldCases = async (name: string, cases: readonly (readonly [string, EventRow, unknown])[]) => {
    await arrive(cases.map(([site, row]) => ({ page: 1, seq: 0, visitor: 7, ...row, site })))
    await fold({ rollupsDirectory: only(name) })
  }

  it('sources: what came from elsewhere, once', async () => {
    const cases: [string, EventRow, string[]][] = [
      [
        'a link from elsewhere',
        { arrival: 'link', referrer_host: 'a.com', referrer_path: '/x' },
        ['link a.com /x '],
      ],
      ['a link on the site', { arrival: 'link', referrer_path: '/own' }, []],
      ['a typed address', { arrival: 'address' }, ['address   ']],
      ['a typed address on the site', { arrival: 'address', from_path: '/own' }, ['address   ']],
      [
        'a reload keeps its first source',
        { arrival: 'reload', referrer_host: 'a.com', campaign_source: 'b' },
        ['reload   '],
      ],
      ['a step back', { arrival: 'back_forward', referrer_path: '/own' }, ['back_forward   ']],
      ['a campaign', { arrival: 'unknown', campaign_source: 'mail' }, ['unknown   mail']],
      ['a route inside the page', { navigation: 'route', arrival: 'link', from_path: '/own' }, []],
      ['nothing known', { arrival: 'unknown' }, ['unknown   ']],
    ]
    await foldCases('sources', cases)
    const found = await rollup(
      'sources',
      'site, arrival, referrer_host, referrer_path, campaign_source',
      'views',
    )
    const wanted = cases.flatMap(([name, , rows]) => rows.map(row => `${name} ${row} 1 1 0`))
    expect(found.sort()).toEqual(wanted.sort())
  })

  it('flows: the page before, as far as it is known', async () => {
    const cases: [string, EventRow, string][] = [
      ['a link on the site', { arrival: 'link', referrer_path: '/own' }, '/own link'],
      [
        'what the browser names',
        { arrival: 'link', referrer_path: '/own', from_path: '/other' },
        '/other link',
      ],
      ['from elsewhere', { arrival: 'link', referrer_host: 'a.com', referrer_path: '/x' }, ' link'],
      ['a reload stays', { arrival: 'reload', referrer_path: '/own' }, '/ reload'],
      [
        'a step back is not from its referrer',
        { arrival: 'back_forward', referrer_path: '/own' },
        ' back_forward',
      ],
    ]
    await foldCases('flows', cases)
    const found = await rollup('flows', 'site, from_path, arrival', 'views')
    expect(found.sort()).toEqual(cases.map(([name, , wanted]) => `${name} ${wanted} 1 1 0`).sort())
  })

  it('timings: milliseconds and lower edges meet in the same bucket', async () => {
    const timing = {
      type: 'timing',
      visitor: 7,
      redirect_ms: 0,
      ttfb_ms: 100,
      interactive_ms: 300,
      dcl_ms: 300,
      load_ms: 400,
    }
    await arrive([
      { page: 1, seq: 1, ...timing },
      { page: 2, seq: 1, ...timing, ttfb_ms: 149, load_ms: 499 },
      { page: 3, seq: 1, ...timing, ttfb_ms: 150, load_ms: 70_000 },
      // Left before its load event.
      { page: 4, seq: 1, ...timing, load_ms: 0 },
      // Left while the answer still came.
      { page: 5, seq: 1, ...timing, interactive_ms: 0, dcl_ms: 0, load_ms: 0 },
    ])
    await fold({ rollupsDirectory: only('timings') })
    const found = await rollup('timings', 'metric, bucket_from, bucket_to', 'samples')
    expect(found.filter(row => /^(ttfb|load|timing|redirect|response)/.test(row))).toEqual([
      'load 400 500 2 0 0',
      'load 60000 0 1 0 0',
      'redirect 0 10 5 0 0',
      'response 0 10 4 0 0',
      'timing 0 0 0 1 0',
      'ttfb 100 150 4 0 0',
      'ttfb 150 200 1 0 0',
    ])
  })

  it('timings: layout shift in thousandths', async () => {
    const vital = { type: 'vital', visitor: 7, name: 'CLS' }
    const values = [0, 0.0099, 0.01, 0.1, 0.1499, 0.25, 3]
    await arrive(values.map((value, index) => ({ ...vital, page: index, seq: 1, value })))
    await arrive([{ ...vital, page: 99, seq: 1, name: 'LCP', value: 1200.9 }])
    await fold({ rollupsDirectory: only('timings') })
    expect(await rollup('timings', 'metric, bucket_from, bucket_to', 'samples')).toEqual([
      'CLS 0 0 0 1 0',
      'CLS 0 10 2 0 0',
      'CLS 10 25 1 0 0',
      'CLS 100 150 2 0 0',
      'CLS 250 500 1 0 0',
      'CLS 1000 0 1 0 0',
      'LCP 0 0 0 1 0',
      'LCP 1200 1500 1 0 0',
    ])
  })

  it('timings: the latest figure of a vital, once a page', async () => {
    const vital = { type: 'vital', visitor: 7, page: 1 }
    await arrive([
      { ...vital, seq: 1, name: 'CLS', value: 0.02 },
      { ...vital, seq: 2, name: 'INP', value: 260 },
      { ...vital, seq: 4, name: 'CLS', value: 0.11 },
      // With many interactions the worst of them no longer counts.
      { ...vital, seq: 5, name: 'INP', value: 120 },
      { ...vital, page: 2, seq: 1, name: 'CLS', value: 0.02 },
    ])
    // A retry that came later is still the earlier figure.
    await arrive([{ ...vital, seq: 1, name: 'CLS', value: 0.02 }])
    await fold({ rollupsDirectory: only('timings') })
    expect(await rollup('timings', 'metric, bucket_from, bucket_to', 'samples')).toEqual([
      'CLS 0 0 0 1 0',
      'CLS 10 25 1 0 0',
      'CLS 100 150 1 0 0',
      'INP 0 0 0 1 0',
      'INP 100 150 1 0 0',
    ])
  })

  it('scroll: each tenth of what is newly reached', async () => {
    const scroll = { type: 'engagement', visitor: 7 }
    await arrive([
      { ...scroll, page: 1, seq: 1, scroll_from: 1, scroll_to: 3 },
      { ...scroll, page: 1, seq: 2, scroll_from: 4, scroll_to: 4 },
      { ...scroll, page: 2, seq: 1, scroll_from: 1, scroll_to: 1 },
      { ...scroll, page: 3, seq: 1, active_ms: 5000 },
    ])
    await fold({ rollupsDirectory: only('scroll') })
    expect(await rollup('scroll', 'decile', 'pages')).toEqual([
      '0 0 1 0',
      '1 2 0 0',
      '2 1 0 0',
      '3 1 0 0',
      '4 1 0 0',
    ])
  })

  it('has a sorting key that names each row: what is not in it is a sum, or a date', async () => {
    const columns = await store.query<{ name: string }>(
      `select distinct name from system.columns
       where database = currentDatabase() and table like 'rollup\\_%' and not is_in_sorting_key order by name`,
    )
    expect(columns.map(({ name }) => name)).toEqual([
      ...['active_ms', 'calls', 'clicks', 'daily_ids', 'duration_ms', 'errors', 'events', 'exits', 'expires'],
      ...['identities', 'pages'],
      ...['raw_expires', 'samples', 'views', 'visible_ms', 'without_id'],
    ])
  })

  it('keeps rows for the site’s months', async () => {
    await arrive([
      { page: 1, seq: 0, visitor: 7 },
      { page: 2, seq: 0, visitor: 7, site: 'short' },
    ])
    await fold({ rollupsDirectory: only('pages'), rollupMonths: () => ({ short: 3 }) })
    expect(await store.query('select distinct site, expires from rollup_pages order by site')).toEqual([
      { site: 'shop', expires: '2028-12-20' },
      { site: 'short', expires: '2027-02-20' },
    ])
  })
})

describe('repeats', () => {
  it('folds an event once, though it came again, elsewhere, under another id or at another time', async () => {
    await arrive([
      { page: 1, seq: 0, visitor: 7 },
      { page: 1, seq: 1, visitor: 7, type: 'engagement', active_ms: 100 },
      { page: 2, seq: 0, visitor: 8 },
    ])
    await arrive([
      { page: 1, seq: 0, visitor: 7 },
      { page: 1, seq: 0, visitor: 7, time: '2026-11-20 10:05:01.000' },
      { page: 1, seq: 0, visitor: 3 },
      { page: 1, seq: 1, visitor: 7, type: 'engagement', active_ms: 100, received: '2026-11-21' },
      // The same number on another site is another event.
      { page: 1, seq: 0, visitor: 7, site: 'other' },
    ])
    for (const sliceRows of [1_000_000, 2]) {
      await fold({ sliceRows, rollupsDirectory: only('pages', 'totals') })
      expect(await rollup('pages', 'site, path', 'views')).toEqual(['other / 1 1 0', 'shop / 2 2 0'])
      expect(await rollup('pages', 'site', 'active_ms')).toEqual(['other 0 1 0', 'shop 100 2 0'])
      expect(await rollup('totals', 'type', 'events')).toEqual(['engagement 1 1 0', 'pageview 3 3 0'])
    }
  })

  it('gives the same rollups in one slice and in many, and the same bytes when folded again', async () => {
    const rows = someRows()
    await arrive(rows)
    await arrive(rows.slice(100, 200))
    // Copies that differ: which one is kept must not depend on how rows lie on the disk.
    await arrive(
      rows.slice(0, 50).map((row, index) => ({ ...row, country: 'AT', visitor: 1 + index * 90_000 })),
    )
    const sums: unknown[] = []
    for (const sliceRows of [1_000_000, 250]) {
      await fold({ sliceRows, rollupsDirectory })
      sums.push(await rollupSums(store, rollupsDirectory))
      const bytes = await rollupBytes()
      await store.command('optimize table events final')
      await fold({ sliceRows, rollupsDirectory })
      expect(await rollupBytes()).toEqual(bytes)
    }
    expect(sums[1]).toEqual(sums[0])
  })
})

describe('dirty days', () => {
  const tickAll = async (folder: ReturnType<typeof newFolder>) => {
    let ticks = 0
    while (await folder.tick()) ticks += 1
    return ticks
  }

  it('folds by ticks what was marked, once', async () => {
    await arrive([{ page: 1, seq: 0, visitor: 7 }])
    const folder = newFolder()
    await folder.recover()
    await folder.foldDirty()
    expect(folder.status()).toMatchObject({ dirtyDays: [], folding: null, foldedDays: 1 })
    await arrive([{ page: 2, seq: 0, visitor: 7 }])
    await folder.markDirty([day], load)
    expect(folder.status().dirtyDays).toEqual([day])
    // Repeats, two rollups, and putting them in place.
    expect(await tickAll(folder)).toBe(4)
    expect(await rollup('pages', 'path', 'views')).toEqual(['/ 2 1 0'])
    expect(await folder.tick()).toBe(false)
  })

  it('folds again what was marked in the middle, after the others', async () => {
    await arrive([
      { page: 1, seq: 0, visitor: 7 },
      { page: 2, seq: 0, visitor: 7, day: '2026-11-19', hour: '2026-11-19 10:00:00' },
    ])
    const folder = newFolder()
    await folder.recover()
    await folder.foldDirty()
    await folder.markDirty([day, '2026-11-19'], load)
    for (let tick = 0; tick < 2; tick++) await folder.tick()
    await arrive([{ page: 3, seq: 0, visitor: 7 }])
    await folder.markDirty([day], load)
    for (let tick = 0; tick < 3; tick++) await folder.tick()
    expect(folder.status().dirtyDays).toEqual(['2026-11-19', day])
    await tickAll(folder)
    expect(await rollup('pages', 'day', 'views')).toEqual(['2026-11-19 1 1 0', `${day} 2 1 0`])
  })

  it('knows its dirty days after a restart', async () => {
    await arrive([{ page: 1, seq: 0, visitor: 7 }])
    await newFolder().markDirty([day], load)
    const folder = newFolder()
    expect(folder.status().dirtyDays).toEqual([day])
    await folder.recover()
    await tickAll(folder)
    expect(await rollup('pages', 'path', 'views')).toEqual(['/ 1 1 0'])
  })

  it('marks all days where there is no journal, and where the rollups’ files have changed', async () => {
    await arrive([{ page: 1, seq: 0, visitor: 7 }])
    const folder = newFolder()
    await folder.recover()
    expect(folder.status().dirtyDays).toEqual([day])
    await folder.foldDirty()
    const again = newFolder()
    await again.recover()
    expect(again.status().dirtyDays).toEqual([])
    const changed = newFolder({ rollupsDirectory: only('pages') })
    await changed.recover()
    expect(changed.status().dirtyDays).toEqual([day])
  })

  it('tells of its progress', async () => {
    await arrive(['2026-11-18', '2026-11-19', day].map((of, page) => ({ page, seq: 0, visitor: 7, day: of })))
    const told: unknown[] = []
    const folder = newFolder()
    await folder.recover()
    await folder.foldDays('2026-11-19', '2026-12-31', { onProgress: progress => told.push(progress) })
    expect(told).toEqual([
      { day: '2026-11-19', done: 1, days: 2, isLate: false },
      { day, done: 2, days: 2, isLate: false },
    ])
  })

  it('gives others a turn between the steps of a day, and itself none to ticks', async () => {
    await arrive(someRows())
    const folder = newFolder({ sliceRows: 250, rollupsDirectory: only('flows', 'pages', 'scroll') })
    await folder.recover()
    const steps: string[] = []
    const ticked: boolean[] = []
    await folder.foldDays(day, day, {
      onStep: ({ step, steps: all }) => steps.push(`${step}/${all}`),
      turn: async step => {
        ticked.push(await folder.tick())
        return await step()
      },
    })
    // Three slices of all rollups, and their joining; before that it is not known how many.
    const all = 3 * 4
    expect(steps).toEqual(['0/0', ...Array.from({ length: all }, (_, step) => `${step + 1}/${all}`)])
    expect(new Set(ticked)).toEqual(new Set([false]))
    expect(folder.status()).toMatchObject({ foldedDays: 1, dirtyDays: [] })
  })

  it('empties a day whose raw rows are all gone by erasure', async () => {
    await arrive([{ page: 1, seq: 0, visitor: 7 }])
    const folder = newFolder()
    await folder.recover()
    await folder.foldDays(day, day)
    await store.command('truncate table events')
    await folder.markDirty([day], load)
    await folder.foldDirty()
    expect(await rollup('pages', 'path', 'views')).toEqual([])
  })
})

describe('an erased visitor', () => {
  it('is in no rollup once the days are folded again, and the others are there as before', async () => {
    const erased = 1 + 7 * 400_000
    const rows = ['2026-11-19', day].flatMap(of =>
      someRows().map((row): EventRow => ({ ...row, day: of, hour: `${of} ${String(row.hour).slice(11)}` })),
    )
    const others = rows.filter(({ visitor }) => visitor !== erased)
    await arrive(rows)
    // Some of both came twice.
    await arrive(rows.slice(0, 80))
    const folder = newFolder({ rollupsDirectory })
    await folder.recover()
    await folder.foldDays('2026-11-19', day)
    const before = await rollupSums(store, rollupsDirectory)
    await store.command('alter table events delete where visitor = {erased:UInt64}', { erased })
    await folder.foldDays('2026-11-19', day)
    const after = await rollupSums(store, rollupsDirectory)
    expect(after).not.toEqual(before)

    await store.command('truncate table events')
    await arrive(others)
    await folder.foldDays('2026-11-19', day)
    expect(after).toEqual(await rollupSums(store, rollupsDirectory))
  })
})

describe('a changed time zone', () => {
  const change = Date.parse('2026-11-20T12:00:00Z')
  const sites: [site: string, from: string, to: string, wanted: Record<string, string>][] = [
    // Views, and visitors by ids of the day. Who comes before and after the change has two ids on its day.
    ['east', 'UTC', 'Asia/Tokyo', { '2026-11-19': '36 3 0', '2026-11-20': '24 6 0', '2026-11-21': '36 3 0' }],
    ['west', 'Asia/Tokyo', 'UTC', { '2026-11-19': '24 3 0', '2026-11-20': '48 6 0', '2026-11-21': '36 3 0' }],
    ['half an hour off', 'UTC', 'Asia/Kolkata', { '2026-11-19': '36 3 0', '2026-11-20': '30 6 0' }],
  ]
  /** As the pipeline writes a page view; its visitors have other ids on each day of each zone. */
  const viewsAt = (instant: number, site: string, timezone: string): EventRow[] => {
    const { day: local, hour } = localTime(timezone, instant)
    const time = new Date(instant).toISOString().replace('T', ' ').slice(0, 19)
    const key = Number(local.slice(8)) * 1000 + timezone.length * 10
    return [1, 2, 3].map(visitor => ({
      site,
      day: local,
      hour: new Date(hour * 1000).toISOString().replace('T', ' ').slice(0, 19),
      time,
      page: instant / 1000 + visitor,
      seq: 0,
      visitor: key + visitor,
    }))
  }

  it('leaves days as they were counted; every view is in one of them, and each visitor once a day and zone', async () => {
    // Every two hours, from the first midnight to the last.
    const instants = Array.from({ length: 36 }, (_, index) => change - 36 * 3_600_000 + index * 2 * 3_600_000)
    const viewsOf = (isBefore: boolean) =>
      sites.flatMap(([site, from, to]) =>
        instants
          .filter(at => at < change === isBefore)
          .flatMap(at => viewsAt(at, site, isBefore ? from : to)),
      )
    const days = () => rollup('pages', 'site, day', 'views')
    await arrive(viewsOf(true))
    const folder = newFolder({ rollupsDirectory: only('pages') })
    await folder.recover()
    await folder.foldDirty()
    const before = await days()
    await arrive(viewsOf(false))
    await folder.foldDays('2026-11-01', '2026-11-30')
    const after = await days()
    for (const [site, , , wanted] of sites) {
      const rows = after.filter(row => row.startsWith(`${site} `)).map(row => row.slice(site.length + 1))
      for (const [of, counts] of Object.entries(wanted)) expect(rows).toContain(`${of} ${counts}`)
      const views = rows.reduce((sum, row) => sum + Number(row.split(' ')[1]), 0)
      expect([site, views]).toEqual([site, instants.length * 3])
    }
    const earlier = before.filter(row => row.includes(' 2026-11-19 '))
    expect(after.filter(row => row.includes(' 2026-11-19 '))).toEqual(earlier)
  })
})

describe('expired raw rows', () => {
  it('leaves a day as it was once its raw rows have begun to expire, and counts what came too late', async () => {
    const kept = { expires: '2026-12-20' }
    await arrive([
      { page: 1, seq: 0, visitor: 7, ...kept },
      { page: 2, seq: 0, visitor: 8, expires: '2027-02-18', consent: 'granted' },
    ])
    // That they have begun to expire is told by what the totals say.
    const folder = newFolder({ rollupsDirectory: only('pages', 'totals') })
    await folder.recover()
    await folder.foldDirty()
    clock = Date.parse('2026-12-18T23:00:00Z')
    await folder.markDirty([day], load)
    await folder.foldDirty()
    expect(folder.status()).toMatchObject({ foldedDays: 2, lateRows: 0 })

    clock = Date.parse('2026-12-19T01:00:00Z')
    // The database has deleted the first row; what remains does not show that.
    await store.command("alter table events delete where expires = '2026-12-20'")
    await arrive([
      { page: 3, seq: 0, visitor: 9, expires: '2027-02-18' },
      { page: 4, seq: 0, visitor: 9, expires: '2027-02-18' },
    ])
    await folder.markDirty([day], load)
    expect(folder.status()).toMatchObject({ dirtyDays: [], lateRows: 2 })
    await arrive([{ page: 5, seq: 0, visitor: 9, expires: '2027-02-18' }])
    await folder.markDirty([day], load)
    expect(folder.status().lateRows).toBe(3)
    const told: boolean[] = []
    await folder.foldDays(day, day, { onProgress: progress => told.push(progress.isLate) })
    expect(told).toEqual([true])
    expect(await rollup('pages', 'path', 'views')).toEqual(['/ 2 2 0'])
  })
})

describe('an unfinished fold', () => {
  const breakOff = async () => {
    await arrive([{ page: 1, seq: 0, visitor: 7 }])
    const folder = newFolder({ store: failingReplace(store) })
    await folder.recover()
    await expect(folder.foldDirty()).rejects.toThrow('cut')
    return folder
  }
  /** Puts `rollup_flows` in place and fails at the next one. */
  const failingReplace = (inner: Store): Store => ({
    ...inner,
    work: (sql, parameters) =>
      sql.includes('alter table rollup_pages replace')
        ? Promise.reject(new Error('cut'))
        : inner.work(sql, parameters),
  })

  it('is finished at the next start from the staging tables, without raw rows', async () => {
    await breakOff()
    expect(await rollup('pages', 'path', 'views')).toEqual([])
    await store.command('truncate table events')
    const folder = newFolder()
    expect(folder.status().folding).toBe(day)
    await folder.recover()
    expect(await rollup('pages', 'path', 'views')).toEqual(['/ 1 1 0'])
    expect(folder.status()).toMatchObject({ folding: null, dirtyDays: [day] })
  })

  it('is repeated from raw rows when a migration has changed a rollup since', async () => {
    await breakOff()
    await store.command('alter table fold_flows drop column navigation').catch(() => {})
    await store.command('drop table fold_pages sync')
    const folder = newFolder()
    await folder.recover()
    expect(await rollup('pages', 'path', 'views')).toEqual(['/ 1 1 0'])
    expect(await rollup('flows', 'path', 'views')).toEqual(['/ 1 1 0'])
  })

  it('is finished before another day is staged, when it was an error and no crash', async () => {
    let isBroken = true
    const flaky: Store = {
      ...store,
      work: (sql, parameters) =>
        isBroken && sql.includes('alter table rollup_pages replace')
          ? Promise.reject(new Error('cut'))
          : store.work(sql, parameters),
    }
    await arrive([{ page: 1, seq: 0, visitor: 7 }])
    const folder = newFolder({ store: flaky })
    await folder.recover()
    await expect(folder.foldDirty()).rejects.toThrow('cut')
    await arrive([{ page: 2, seq: 0, visitor: 7, day: '2026-11-19' }])
    isBroken = false
    await folder.foldDays('2026-11-19', '2026-11-19')
    expect(await rollup('pages', 'day', 'views')).toEqual(['2026-11-19 1 1 0', `${day} 1 1 0`])
  })
})
