import { expect, test } from 'vitest'
import { isDay, utcDay } from './day.ts'

test.each([
  ['2026-02-28', true],
  ['2024-02-29', true],
  ['2026-02-29', false],
  ['2026-13-01', false],
  ['28.2.2026', false],
  ['2026-2-8', false],
  ['2026-02-28T00:00', false],
  ['', false],
])('%s is a day: %s', (text, wanted) => {
  expect(isDay(text)).toBe(wanted)
})

test('days of UTC', () => {
  expect(utcDay(Date.parse('2026-02-28T23:59:59.999Z'))).toBe('2026-02-28')
  expect(utcDay(Date.parse('2026-03-01T00:30+02:00'))).toBe('2026-02-28')
})
