import { expect, test } from 'vitest'
import type { Row } from './api.ts'
import { arrange } from './arrange.ts'

/** Columns are named after the first row's keys; numbers are numbers. */
function arranged(report: string, rows: Row[]) {
  const columns = Object.entries(rows[0] ?? {}).map(([name, value]) => ({
    name,
    type: typeof value === 'number' ? 'UInt64' : 'String',
  }))
  const frame = { site: 'shop', from: '2026-10-24', to: '2026-10-25', timezone: 'Europe/London', notes: [] }
  return arrange({ ...frame, report, columns, rows })
}

const namesOf = ({ columns }: { columns: readonly { name: string }[] }) => columns.map(({ name }) => name)

test('a column that is empty in all rows is not shown; a zero is not empty, but a status of 0 is', () => {
  const rows = [
    { path: '/a', page_group: '', status: 0, views: 0 },
    { path: '/b', page_group: '', status: 0, views: 0 },
  ]
  expect(arranged('pages', rows)).toEqual({
    layout: 'together',
    parts: [{ name: '', columns: [expect.anything(), expect.anything()], rows }],
  })
  expect(arranged('pages', rows).parts.map(namesOf)).toEqual([['path', 'views']])
  expect(arranged('pages', [...rows, { ...rows[0], status: 404 }]).parts.map(namesOf)).toEqual([
    ['path', 'status', 'views'],
  ])
})

test('hours: the newest first, and their offset only where clocks changed', () => {
  const hours = (...all: string[]) =>
    arranged(
      'hours',
      all.map(hour => ({ day: '2026-10-25', hour })),
    ).parts[0]?.rows.map(({ hour }) => hour)
  expect(hours('2026-10-24 23:00 +0100', '2026-10-25 00:00 +0100')).toEqual(['00:00', '23:00'])
  expect(hours('2026-10-25 01:00 +0100', '2026-10-25 01:00 +0000')).toEqual(['01:00 +0000', '01:00 +0100'])
})

test('audience: a table for each dimension, whose column has its name', () => {
  const { layout, parts } = arranged('audience', [
    { dimension: 'browser', value: 'Firefox', views: 2 },
    { dimension: 'country', value: 'DE', views: 3 },
    { dimension: 'country', value: '(other)', views: 1 },
  ])
  expect(layout).toBe('together')
  expect(parts.map(({ name, rows }) => [name, rows])).toEqual([
    ['browser', [{ dimension: 'browser', browser: 'Firefox', views: 2 }]],
    [
      'country',
      [
        { dimension: 'country', country: 'DE', views: 3 },
        { dimension: 'country', country: '(other)', views: 1 },
      ],
    ],
  ])
  expect(parts.map(namesOf)).toEqual([
    ['browser', 'views'],
    ['country', 'views'],
  ])
})

test('scroll: a page is a row, and what it did not reach stays empty', () => {
  const { parts } = arranged('scroll', [
    { path: '/a', decile: 1, pages: 8, share: 1, visitors: 7 },
    { path: '/a', decile: 2, pages: 4, share: 0.5, visitors: 7 },
    { path: '/b', decile: 1, pages: 2, share: 1, visitors: 2 },
  ])
  expect(parts.map(namesOf)).toEqual([['path', 'visitors', '10_share', '20_share']])
  expect(parts[0]?.rows).toEqual([
    { path: '/a', visitors: 7, '10_share': 1, '20_share': 0.5 },
    { path: '/b', visitors: 2, '10_share': 1 },
  ])
})

test('timings: one metric at a time, vitals first, and CLS without a unit', () => {
  const measured = { path: '/a', samples: 2, median_ms: 90, p75_ms: 100, p95_ms: 200 }
  const { layout, parts } = arranged(
    'timings',
    ['dns', 'load', 'CLS', 'LCP'].map(metric => ({ metric, ...measured })),
  )
  expect(layout).toBe('choice')
  expect(parts.map(({ name }) => name)).toEqual(['LCP', 'CLS', 'load', 'dns'])
  expect(parts.slice(0, 2).map(namesOf)).toEqual([
    ['path', 'samples', 'median_ms', 'p75_ms', 'p95_ms'],
    ['path', 'samples', 'median', 'p75', 'p95'],
  ])
  expect(parts[1]?.rows[0]).toMatchObject({ median: 90, p75: 100, p95: 200 })
})
