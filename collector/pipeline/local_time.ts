// The site's local day and hour of an instant, so that reports speak the site's time with half-hour zones and clock
// changes right. All offsets in use change on a quarter hour of UTC, so one look-up a zone and quarter hour is enough.

import { utcDay } from './day.ts'

const quarterMs = 15 * 60_000
const hourMs = 3_600_000
const dayMs = 24 * hourMs

/** Entries kept, quarter hours by zone: ten days' worth. Events span three days; what is asked for beyond starts over. */
const cachedMax = 1000

export type LocalTime = {
  /** `2025-03-30` */
  readonly day: string
  /** The instant at which the local hour began, Unix seconds. */
  readonly hour: number
}

type Zone = { readonly format: Intl.DateTimeFormat; readonly quarters: Map<number, LocalTime> }

const zones = new Map<string, Zone>()

/** `instant` in Unix milliseconds; `timezone` an IANA name that the configuration has checked. */
export function localTime(timezone: string, instant: number): LocalTime {
  const zone = zoneOf(timezone)
  const quarter = Math.floor(instant / quarterMs)
  const known = zone.quarters.get(quarter)
  if (known !== undefined) return known
  if (zone.quarters.size >= cachedMax) zone.quarters.clear()
  const start = quarter * quarterMs
  const made = { day: utcDay(start + offsetAt(zone, start)), hour: hourStart(zone, start) / 1000 }
  zone.quarters.set(quarter, made)
  return made
}

/** The first instant of a local day: midnight, or the end of the gap where a clock change swallows midnight. */
export function startOfDay(timezone: string, day: string): number {
  // Zones lie between −12 and +14 h of UTC: the start is within that of UTC's midnight. Halve until one quarter is left.
  const midnight = Date.parse(`${day}T00:00:00Z`)
  let before = Math.floor((midnight - 16 * hourMs) / quarterMs)
  let reached = Math.floor((midnight + 14 * hourMs) / quarterMs)
  while (reached - before > 1) {
    const middle = Math.floor((before + reached) / 2)
    if (localTime(timezone, middle * quarterMs).day >= day) reached = middle
    else before = middle
  }
  return reached * quarterMs
}

/**
 * The instant of what a clock on the wall shows, `wall` as if it were UTC, Unix milliseconds. Of an hour that comes twice the
 * first; what the clock skips (02:30 where 03:00 follows 02:00) is read as if it had not been changed yet.
 */
export function instantOf(timezone: string, wall: number): number {
  const zone = zoneOf(timezone)
  // No zone is further from UTC, and none changes twice within so short a time: one of these offsets is the right one.
  const before = offsetAt(zone, wall - 16 * hourMs)
  const after = offsetAt(zone, wall + 16 * hourMs)
  for (const offset of [before, after]) if (offsetAt(zone, wall - offset) === offset) return wall - offset
  return wall - before
}

/** `addDays('2025-12-30', 3) → '2026-01-02'` */
export function addDays(day: string, days: number): string {
  const name = `${day} ${days}`
  const known = sums.get(name)
  if (known !== undefined) return known
  if (sums.size >= cachedMax) sums.clear()
  const sum = utcDay(Date.parse(`${day}T00:00:00Z`) + days * dayMs)
  sums.set(name, sum)
  return sum
}

/** Every batch asks when its rows expire, and days are few. */
const sums = new Map<string, string>()

/**
 * The hour's label is that of the local clock. Where the clock changed within it (Lord Howe moves by half an hour, so
 * 01:30–02:00 comes twice) the hour begins at the change: no two hours share a beginning and none begins outside itself.
 */
function hourStart(zone: Zone, instant: number): number {
  const offset = offsetAt(zone, instant)
  const local = instant + offset
  const start = local - (((local % hourMs) + hourMs) % hourMs) - offset
  let began = instant
  while (began - quarterMs >= start && offsetAt(zone, began - quarterMs) === offset) began -= quarterMs
  return began - quarterMs < start ? start : began
}

/** Milliseconds that the local clock is ahead of UTC. */
function offsetAt(zone: Zone, instant: number): number {
  const parts: Record<string, number> = {}
  for (const { type, value } of zone.format.formatToParts(instant)) parts[type] = Number(value)
  const { day = 1, hour = 0, minute = 0, month = 1, second = 0, year = 1970 } = parts
  return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(instant / 1000) * 1000
}

function zoneOf(timezone: string): Zone {
  const known = zones.get(timezone)
  if (known !== undefined) return known
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone: timezone,
    calendar: 'gregory',
    numberingSystem: 'latn',
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  })
  const zone = { format, quarters: new Map<number, LocalTime>() }
  zones.set(timezone, zone)
  return zone
}
