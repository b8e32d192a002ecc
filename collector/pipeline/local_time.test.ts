import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { addDays, localTime, startOfDay } from './local_time.ts'

function at(zone: string, instant: string): [string, string] {
  const { day, hour } = localTime(zone, Date.parse(instant))
  return [day, `${new Date(hour * 1000).toISOString().slice(0, 16)}Z`]
}

describe('day, and the instant at which the local hour began', () => {
  test.each([
    // Bucharest goes forward on 2025-03-30 at 03:00 (01:00 UTC), from +2 to +3: there is no 03:30.
    ['Europe/Bucharest', '2025-03-30T00:59:59.999Z', '2025-03-30', '2025-03-30T00:00Z'],
    ['Europe/Bucharest', '2025-03-30T01:00Z', '2025-03-30', '2025-03-30T01:00Z'],
    ['Europe/Bucharest', '2025-03-29T21:59Z', '2025-03-29', '2025-03-29T21:00Z'],
    ['Europe/Bucharest', '2025-03-29T22:00Z', '2025-03-30', '2025-03-29T22:00Z'],
    ['Europe/Bucharest', '2025-03-30T20:59Z', '2025-03-30', '2025-03-30T20:00Z'],
    ['Europe/Bucharest', '2025-03-30T21:00Z', '2025-03-31', '2025-03-30T21:00Z'],
    // And back on 2025-10-26 at 04:00 (01:00 UTC): 03:30 comes twice, as two hours.
    ['Europe/Bucharest', '2025-10-26T00:30Z', '2025-10-26', '2025-10-26T00:00Z'],
    ['Europe/Bucharest', '2025-10-26T01:30Z', '2025-10-26', '2025-10-26T01:00Z'],
    ['America/New_York', '2025-11-02T05:59Z', '2025-11-02', '2025-11-02T05:00Z'],
    ['America/New_York', '2025-11-02T06:00Z', '2025-11-02', '2025-11-02T06:00Z'],
    // Half and quarter hours: +5:45, +12:45 and +13:45, −3:30 and −2:30.
    ['Asia/Kathmandu', '2025-06-15T18:14Z', '2025-06-15', '2025-06-15T17:15Z'],
    ['Asia/Kathmandu', '2025-06-15T18:15Z', '2025-06-16', '2025-06-15T18:15Z'],
    ['Pacific/Chatham', '2025-06-15T11:14Z', '2025-06-15', '2025-06-15T10:15Z'],
    ['Pacific/Chatham', '2025-06-15T11:15Z', '2025-06-16', '2025-06-15T11:15Z'],
    // Chatham goes forward on 2025-09-28 at 02:45 (14:00 UTC the day before), in the middle of its hour: 02:45 is 03:45.
    ['Pacific/Chatham', '2025-09-27T13:59Z', '2025-09-28', '2025-09-27T13:15Z'],
    ['Pacific/Chatham', '2025-09-27T14:00Z', '2025-09-28', '2025-09-27T14:00Z'],
    ['Pacific/Chatham', '2025-09-27T14:15Z', '2025-09-28', '2025-09-27T14:15Z'],
    // And back on 2025-04-06 at 03:45 (14:00 UTC the day before): 02:45 comes twice.
    ['Pacific/Chatham', '2025-04-05T13:59Z', '2025-04-06', '2025-04-05T13:15Z'],
    ['Pacific/Chatham', '2025-04-05T14:00Z', '2025-04-06', '2025-04-05T14:00Z'],
    ['Pacific/Chatham', '2025-04-05T14:15Z', '2025-04-06', '2025-04-05T14:15Z'],
    ['America/St_Johns', '2025-07-01T02:29Z', '2025-06-30', '2025-07-01T01:30Z'],
    ['America/St_Johns', '2025-07-01T02:30Z', '2025-07-01', '2025-07-01T02:30Z'],
    ['America/St_Johns', '2025-01-01T03:29Z', '2024-12-31', '2025-01-01T02:30Z'],
    // Lord Howe moves by half an hour. Forward on 2025-10-05 at 02:00 (15:30 UTC the day before) to 02:30.
    ['Australia/Lord_Howe', '2025-10-04T15:29Z', '2025-10-05', '2025-10-04T14:30Z'],
    ['Australia/Lord_Howe', '2025-10-04T15:30Z', '2025-10-05', '2025-10-04T15:30Z'],
    ['Australia/Lord_Howe', '2025-10-04T16:00Z', '2025-10-05', '2025-10-04T16:00Z'],
    // Back on 2025-04-06 at 02:00 (15:00 UTC the day before) to 01:30: that half hour is an hour of its own.
    ['Australia/Lord_Howe', '2025-04-05T14:59Z', '2025-04-06', '2025-04-05T14:00Z'],
    ['Australia/Lord_Howe', '2025-04-05T15:00Z', '2025-04-06', '2025-04-05T15:00Z'],
    ['Australia/Lord_Howe', '2025-04-05T15:30Z', '2025-04-06', '2025-04-05T15:30Z'],
    // Samoa had no 30 December 2011.
    ['Pacific/Apia', '2011-12-30T09:59Z', '2011-12-29', '2011-12-30T09:00Z'],
    ['Pacific/Apia', '2011-12-30T10:00Z', '2011-12-31', '2011-12-30T10:00Z'],
    ['UTC', '1969-12-31T23:59Z', '1969-12-31', '1969-12-31T23:00Z'],
  ])('%s %s', (zone, instant, day, hour) => {
    expect(at(zone, instant)).toEqual([day, hour])
  })
})

describe('the first instant of a day', () => {
  test.each([
    ['UTC', '2025-06-15', '2025-06-15T00:00Z'],
    ['Europe/Bucharest', '2025-06-15', '2025-06-14T21:00Z'],
    ['Pacific/Kiritimati', '2025-06-15', '2025-06-14T10:00Z'],
    ['Etc/GMT+12', '2025-06-15', '2025-06-15T12:00Z'],
    ['Asia/Kathmandu', '2025-06-15', '2025-06-14T18:15Z'],
    // Clocks in Beirut go forward at midnight, so the day begins at 01:00.
    ['Asia/Beirut', '2025-03-30', '2025-03-29T22:00Z'],
    // The day that Samoa skipped begins, as a bound, when the next one does.
    ['Pacific/Apia', '2011-12-30', '2011-12-30T10:00Z'],
  ])('%s %s', (zone, day, wanted) => {
    expect(startOfDay(zone, day)).toBe(Date.parse(wanted))
  })
})

test.each([
  ['2025-12-30', 3, '2026-01-02'],
  ['2024-02-28', 1, '2024-02-29'],
  ['2025-03-30', 1, '2025-03-31'],
  ['2025-03-01', -1, '2025-02-28'],
])('addDays(%s, %i)', (day, days, wanted) => {
  expect(addDays(day, days)).toBe(wanted)
})

const zones = fc.constantFrom(
  'UTC',
  'Europe/Bucharest',
  'America/New_York',
  'America/Sao_Paulo',
  'Asia/Kathmandu',
  'Asia/Kolkata',
  'Pacific/Chatham',
  'Pacific/Kiritimati',
  'Australia/Lord_Howe',
  'America/St_Johns',
  'Africa/Casablanca',
  'Asia/Beirut',
)
const instants = fc.integer({ min: Date.UTC(2015, 0, 1), max: Date.UTC(2035, 0, 1) })

function local(zone: string, instant: number): Record<string, string> {
  const format = new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'medium' })
  const [day = '', time = ''] = format.format(instant).split(' ')
  return { day, hour: time.slice(0, 2), minute: time.slice(3, 5) }
}

test('agrees with Intl, whatever the instant and the zone', () => {
  fc.assert(
    fc.property(zones, instants, (zone, instant) => {
      const { day, hour } = localTime(zone, instant)
      const now = local(zone, instant)
      expect(day).toBe(now.day)
      // It began in the same hour of the same day, less than 60 minutes ago, and the minute before was of another
      // hour, or the clock was changed in between.
      const began = local(zone, hour * 1000)
      expect([began.day, began.hour]).toEqual([now.day, now.hour])
      expect(instant - hour * 1000).toBeGreaterThanOrEqual(0)
      expect(instant - hour * 1000).toBeLessThan(3_600_000)
      const before = local(zone, hour * 1000 - 60_000)
      // Where an hour comes twice, 01:59 is followed by 01:00.
      const isNextMinute = Number(before.minute) + 1 === Number(began.minute)
      expect(before.hour !== began.hour || !isNextMinute).toBe(true)
    }),
    { numRuns: 2000 },
  )
})

test('a day begins where the one before ends', () => {
  fc.assert(
    fc.property(zones, instants, (zone, instant) => {
      const { day } = localTime(zone, instant)
      const start = startOfDay(zone, day)
      expect(start).toBeLessThanOrEqual(instant)
      expect(startOfDay(zone, addDays(day, 1))).toBeGreaterThan(instant)
      expect(localTime(zone, start).day).toBe(day)
      expect(localTime(zone, start - 1).day < day).toBe(true)
    }),
    { numRuns: 300 },
  )
})
