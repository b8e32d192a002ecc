// The keys under which ids of a day are made: one for each local day and time zone in use, random, made a day ahead, and
// destroyed soon after the day has ended. Once a key is gone nothing ties an id to the address it was made from.
//
// A clock that is set forward ends days before their time, and one that is set back brings them again. Then there is no
// second key for a day: under it one visitor would be two. The empty file of a destroyed key says that there was one, and
// events of that day get no id, which is counted as no_day_key.

import { readdirSync, rmdirSync, statSync, unlinkSync } from 'node:fs'
import { join } from 'node:path'
import { addDays, localTime, startOfDay } from '../pipeline/local_time.ts'
import type { DayKey } from '../pipeline/stages.ts'
import { errorCode } from '../spool/files.ts'
import { destroySecret, isDestroyed, makeSecret, readSecret } from './secret_file.ts'

export type DayKeys = {
  /** undefined for a day whose key is gone or not to be made yet, and when the disk does not give it. */
  dayKey(timezone: string, day: string): DayKey | undefined
  /** Makes today's and tomorrow's keys and destroys what has had its time. To be called every few minutes. */
  tend(timezones: readonly string[]): void
}

export type DayKeysOptions = {
  /** `data/keys/day`; below it a folder for each zone, its slashes written as ~. */
  readonly directory: string
  /** How long a key outlives its day, milliseconds: 2 h, for events that were sent just before midnight. */
  readonly keepMs: number
  readonly now: () => number
  /** Milliseconds of a clock that nobody sets. */
  readonly steadyNow: () => number
}

/** A key in memory, with the instant from which it is not given out any more even if its file survives. */
type Held = { readonly key: DayKey | undefined; readonly from: number; readonly until: number }

/** How long a disk that failed is not asked again: the look-up stands in the way of every event. */
const retryMs = 1000

/** Empty files stay so long, in which a clock that is set back may come by again. */
const emptyDays = 31

/**
 * Keys are made for tomorrow at most. A few days ahead may be right by a clock that is behind; more were made by one that
 * was ahead, and would lie there until that day.
 */
const aheadDaysMax = 7

/**
 * A machine without a clock of its own begins in 1970, and one that is set wrong is soon set right: by that clock today's key
 * is of a day that is far ahead, and a key that is destroyed is never made again.
 */
const aheadMs = 3600 * 1000

/** A process that died while it made a key leaves a draft; one that still works on it needs no minute. */
const draftAgeMs = 60_000

const dayMs = 24 * 3600 * 1000
const dayPattern = /^\d{4}-\d\d-\d\d$/
const filePattern = /^\d{4}-\d\d-\d\d\.key$/
const zonePattern = /^[A-Za-z0-9_+-]+(?:\/[A-Za-z0-9_+-]+)*$/

export function createDayKeys({ directory, keepMs, now, steadyNow }: DayKeysOptions): DayKeys {
  const held = new Map<string, Held>()
  /** Files of keys that are far ahead, and since when they are without a break, by the steady clock. */
  const aheadSince = new Map<string, number>()

  function dayKey(timezone: string, day: string): DayKey | undefined {
    const at = now()
    const name = `${timezone} ${day}`
    let found = held.get(name)
    if (found === undefined || (found.key === undefined && at >= found.until)) {
      found = fetchKey(timezone, day, at)
      held.set(name, found)
    }
    if (at >= found.from && at < found.until) return found.key
    found.key?.fill(0)
    held.delete(name)
    return undefined
  }

  function fetchKey(timezone: string, day: string, at: number): Held {
    if (!dayPattern.test(day) || !zonePattern.test(timezone)) return { key: undefined, from: at, until: at }
    const from = startOfDay(timezone, addDays(day, -1))
    const until = endOfDay(timezone, day) + keepMs
    if (at < from || at >= until) return { key: undefined, from: at, until: at }
    const file = fileOf(`${timezone} ${day}`)
    try {
      const key = isDestroyed(file) ? undefined : (readSecret(file) ?? makeSecret(file))
      return { key, from, until: key === undefined ? at + retryMs : until }
    } catch {
      // A full or failing disk costs ids, which is counted as no_day_key, never an event.
      return { key: undefined, from: at, until: at + retryMs }
    }
  }

  function tend(timezones: readonly string[]): void {
    const at = now()
    for (const timezone of timezones) {
      const today = localTime(timezone, at).day
      dayKey(timezone, today)
      dayKey(timezone, addDays(today, 1))
    }
    for (const [name, { key, from, until }] of held) {
      // Also what another process, whose clock was ahead for a moment, has destroyed.
      if (at >= from && at < until && !isDestroyed(fileOf(name))) continue
      key?.fill(0)
      held.delete(name)
    }
    destroyOld(at)
  }

  /** All zones' folders, also those of zones that no site uses any more. One that fails does not spare the others. */
  function destroyOld(at: number): void {
    const errors: unknown[] = []
    for (const folder of list(directory)) {
      const timezone = folder.replaceAll('~', '/')
      for (const name of list(join(directory, folder))) {
        const file = join(directory, folder, name)
        try {
          if (name.startsWith('.')) removeDraft(file, at)
          else if (filePattern.test(name)) endKey(file, timezone, name.slice(0, 10), at)
        } catch (error) {
          errors.push(error)
        }
      }
      removeIfEmpty(join(directory, folder))
    }
    if (errors.length > 0) throw new Error('day keys that are over cannot be destroyed', { cause: errors[0] })
  }

  function endKey(file: string, timezone: string, day: string, at: number): void {
    const endsAt = endOfDay(timezone, day) + keepMs
    if (isDestroyed(file)) removeEmpty(file, endsAt, at)
    else if (isLongAhead(file, at < endsAt - keepMs - aheadDaysMax * dayMs) || at >= endsAt)
      destroySecret(file, at)
  }

  function isLongAhead(file: string, isAhead: boolean): boolean {
    if (!isAhead) {
      aheadSince.delete(file)
      return false
    }
    const since = aheadSince.get(file) ?? steadyNow()
    const isLong = steadyNow() - since >= aheadMs
    if (isLong) aheadSince.delete(file)
    else aheadSince.set(file, since)
    return isLong
  }

  /** Of a zone and a day, `Europe/Bucharest 2025-06-15`. */
  function fileOf(name: string): string {
    const [timezone = '', day] = name.split(' ')
    return join(directory, folderOf(timezone), `${day}.key`)
  }

  return { dayKey, tend }
}

/** A zone that this machine does not know (any more) is taken for the one whose days end last, twelve hours after UTC's. */
function endOfDay(timezone: string, day: string): number {
  const next = addDays(day, 1)
  try {
    return startOfDay(timezone, next)
  } catch (error) {
    if (error instanceof RangeError) return Date.parse(`${next}T12:00:00Z`)
    throw error
  }
}

/** `Europe/Bucharest → Europe~Bucharest` */
function folderOf(timezone: string): string {
  return timezone.replaceAll('/', '~')
}

function list(directory: string): string[] {
  try {
    return readdirSync(directory)
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return []
    throw error
  }
}

/**
 * Both by the day and by when it was emptied: a clock that leaps ahead by years ends today's key, and must not take the
 * mark away a minute later.
 */
function removeEmpty(file: string, endsAt: number, at: number): void {
  const isLongGone = Math.abs(at - endsAt) > emptyDays * dayMs
  try {
    if (isLongGone && Math.abs(at - statSync(file).mtimeMs) > emptyDays * dayMs) unlinkSync(file)
  } catch (error) {
    if (errorCode(error) !== 'ENOENT') throw error
  }
}

function removeDraft(file: string, at: number): void {
  try {
    if (at - statSync(file).mtimeMs > draftAgeMs) unlinkSync(file)
  } catch (error) {
    if (errorCode(error) !== 'ENOENT') throw error
  }
}

function removeIfEmpty(directory: string): void {
  try {
    rmdirSync(directory)
  } catch (error) {
    if (errorCode(error) !== 'ENOTEMPTY' && errorCode(error) !== 'EEXIST' && errorCode(error) !== 'ENOENT')
      throw error
  }
}
