import { expect, test } from 'vitest'
import { addDays, daysOf, faultOfDays, localDay } from './period.ts'

test.each([
  ['UTC', '2026-02-28T12:00:00Z', '2026-02-28'],
  ['Pacific/Auckland', '2026-02-28T12:00:00Z', '2026-03-01'],
  ['America/Los_Angeles', '2026-03-01T07:59:00Z', '2026-02-28'],
  ['Asia/Kathmandu', '2026-01-01T18:15:00Z', '2026-01-02'],
])('the day in %s at %s is %s', (zone, at, wanted) => {
  expect(localDay(zone, Date.parse(at))).toBe(wanted)
})

test.each([
  ['2026-03-01', -1, '2026-02-28'],
  ['2028-03-01', -1, '2028-02-29'],
  // The clocks change in between; days of a calendar do not notice.
  ['2026-03-30', -2, '2026-03-28'],
  ['2026-12-31', 1, '2027-01-01'],
])('%s and %i days is %s', (day, count, wanted) => {
  expect(addDays(day, count)).toBe(wanted)
})

test.each([
  ['today', { from: '2026-11-23', to: '2026-11-23' }],
  ['7d', { from: '2026-11-17', to: '2026-11-23' }],
  ['30d', { from: '2026-10-25', to: '2026-11-23' }],
] as const)('%s ends today and includes it', (kind, wanted) => {
  expect(daysOf(kind, 'Europe/Bucharest', Date.parse('2026-11-22T22:30:00Z'))).toEqual(wanted)
})

test.each([
  [{ from: '2026-01-01', to: '2026-01-01' }, ''],
  [{ from: '2026-01-02', to: '2026-01-01' }, 'The first day is after the last.'],
  [{ from: '', to: '2026-01-01' }, 'Choose both days.'],
  [{ from: '2026-13-01', to: '2026-01-01' }, 'Choose both days.'],
])('%o: %s', (days, wanted) => {
  expect(faultOfDays(days)).toBe(wanted)
})
