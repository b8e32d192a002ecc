import { expect, test } from 'vitest'
import { callTime } from './call_time.ts'

test.each<[string, string | undefined]>([
  ['2026-11-20T14:03:22Z', '2026-11-20T14:03:22.000Z'],
  ['2026-11-20t14:03:22.75z', '2026-11-20T14:03:22.750Z'],
  ['2026-11-20T14:03:22+02:00', '2026-11-20T12:03:22.000Z'],
  ['2026-11-20 14:03 +0530', '2026-11-20T08:33:00.000Z'],
  ['2026-11-20T14:03-08', '2026-11-20T22:03:00.000Z'],
  // Without a zone the site's, Bucharest: +2 in winter, +3 in summer.
  ['2026-11-20 14:03:22', '2026-11-20T12:03:22.000Z'],
  ['2026-07-01T00:30', '2026-06-30T21:30:00.000Z'],
  // On the 25th of October 03:30 comes twice: the first. On the 29th of March it does not come: as it was before.
  ['2026-10-25 03:30', '2026-10-25T00:30:00.000Z'],
  ['2026-10-25 04:30', '2026-10-25T02:30:00.000Z'],
  ['2026-03-29 03:30', '2026-03-29T01:30:00.000Z'],
  ['2026-02-30T10:00Z', undefined],
  ['2026-11-20T24:00Z', undefined],
  ['2026-11-20T10:60Z', undefined],
  ['2026-11-20T10:00+15:00', undefined],
  ['2026-11-20', undefined],
  ['20.11.2026 14:03', undefined],
  ['1795181002', undefined],
  ['', undefined],
])('%s', (written, wanted) => {
  const at = callTime(written, 'Europe/Bucharest')
  expect(at === undefined ? undefined : new Date(at).toISOString()).toBe(wanted)
})
