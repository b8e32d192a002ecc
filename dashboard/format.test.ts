import { expect, test } from 'vitest'
import { formatValue, headingOf, isCount, isNumeric } from './format.ts'

test.each([
  ['pageviews', 'UInt64', '12345', '12,345'],
  ['pageviews', 'UInt64', 0, '0'],
  ['visitors', 'Float64', 12.345, '12.35'],
  ['ttfb_p75_ms', 'UInt32', 420, '420 ms'],
  ['active_ms', 'UInt64', '4200', '4.2 s'],
  ['active_ms', 'UInt64', 252_000, '4 min 12 s'],
  ['active_ms', 'UInt64', 7_500_000, '2 h 5 min'],
  // Rounded up, a minute is never shown as 60 s of the one before.
  ['active_ms', 'UInt64', 119_900, '2 min 0 s'],
  ['transfer_bytes', 'UInt64', 1536, '1.5 kB'],
  ['share', 'Float64', 0.1234, '12.3%'],
  ['status', 'UInt16', 404, '404'],
  ['path', 'String', '/a', '/a'],
  ['path', 'LowCardinality(String)', '', '–'],
  ['status', 'UInt16', 0, '–'],
  ['day', 'Date', '2026-01-02', 'Fri, 2 Jan 2026'],
  ['country', 'String', 'GB', 'United Kingdom'],
  ['country', 'String', '(other)', '(other)'],
  ['language', 'String', 'en-AU', 'Australian English'],
  ['screen', 'String', '390', 'from 390 px'],
  ['screen', 'String', 'small', 'small'],
  ['arrival', 'String', 'back_forward', 'back/forward'],
  ['path', 'String', '/back_forward', '/back_forward'],
  ['from_path', 'String', '', '(outside)'],
  ['visitors', 'Nullable(UInt64)', null, '–'],
  ['visitors', 'UInt64', 'nan', '–'],
] as const)('%s %s %o is shown as %s', (name, type, value, wanted) => {
  expect(formatValue({ name, type }, value)).toBe(wanted)
})

test.each([
  ['page_group', 'Group'],
  ['30_share', '30%'],
  ['ttfb_p75_ms', 'TTFB p75'],
  ['transfer_bytes', 'Transfer'],
  ['visitors', 'Visitors'],
])('%s is headed %s', (name, wanted) => {
  expect(headingOf(name)).toBe(wanted)
})

test('a bar stands for a count, not for a duration, a share or a code', () => {
  const count = { name: 'pageviews', type: 'UInt64' }
  const others = ['load_ms', 'status', 'bounce_share'].map(name => ({ name, type: 'UInt32' }))
  expect([count, ...others].filter(isCount)).toEqual([count])
  expect(isNumeric({ name: 'country', type: 'LowCardinality(String)' })).toBe(false)
  expect(isNumeric({ name: 'status', type: 'UInt16' })).toBe(false)
})
