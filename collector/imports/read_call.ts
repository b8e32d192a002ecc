// A line of a list of calls to what may be kept of it, or the reason why it is not. Nothing of the line itself leaves here: a
// reason is a word of a closed list, beside the line's number.

import { limits } from '../../contract/limits.ts'
import type { Site } from '../config/config.ts'
import type { ImportedCall } from '../pipeline/imported_call.ts'
import type { CallFields } from './call_fields.ts'
import { callTime } from './call_time.ts'
import type { PhoneNumbers } from './phone_numbers.ts'

export const callProblems = {
  unreadable: 'cannot be read as a line of four fields',
  time: 'time is not like 2026-11-20T14:03:22Z or 2026-11-20 14:03:22',
  seconds: 'seconds is not a number from 0 to 86400',
  dialled: 'dialled is not one of the numbers that the configuration declares for the site',
  future: 'the time is still to come',
  too_old: 'the day is past: rows of that age are kept no longer, so its calls cannot be counted any more',
} as const

export type CallProblem = keyof typeof callProblems

/** Clocks of telephone systems are not exact. */
const aheadMsMax = 10 * 60_000

export function readCall(
  { time, caller, dialled, seconds }: CallFields,
  site: Site,
  numbers: PhoneNumbers,
  now: number,
): ImportedCall | CallProblem {
  const at = callTime(time, site.timezone)
  if (at === undefined) return 'time'
  if (at > now + aheadMsMax) return 'future'
  const length = readSeconds(seconds)
  if (length === undefined) return 'seconds'
  const own = numbers.own(dialled)
  if (own === undefined) return 'dialled'
  return { at, dialled: own.number, seconds: length, ...numbers.callerPlace(caller, own) }
}

function readSeconds(written: string): number | undefined {
  if (!/^\d{1,6}(?:\.\d{1,6})?$/.test(written)) return undefined
  const seconds = Number(written)
  return seconds * 1000 <= limits.durationMsMax ? seconds : undefined
}
