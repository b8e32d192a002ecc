// When a call was: ISO 8601, with its zone or in the site's.

import { instantOf } from '../pipeline/local_time.ts'

const pattern =
  /^(\d{4})-(\d\d)-(\d\d)[T ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?\s?(Z|[+-]\d\d(?::?\d\d)?)?$/i

/** `2026-11-20T14:03:22+02:00 → Unix milliseconds`; `2026-11-20 14:03` is of the site's clock; undefined for no such time. */
export function callTime(written: string, timezone: string): number | undefined {
  const parts = pattern.exec(written)
  if (parts === null) return undefined
  const [, year, month, day, hour, minute, second = '0', fraction = '', zone] = parts
  const numbers = [year, month, day, hour, minute, second].map(Number)
  const [y = 0, mo = 0, d = 0, h = 0, mi = 0, s = 0] = numbers
  const wall = Date.UTC(y, mo - 1, d, h, mi, s) + Math.floor(Number(`0.${fraction || 0}`) * 1000)
  // `2026-02-30` would be read as the 2nd of March.
  const back = new Date(wall)
  const isReal = back.getUTCMonth() === mo - 1 && back.getUTCDate() === d && h < 24 && mi < 60 && s < 60
  if (!isReal) return undefined
  if (zone === undefined) return instantOf(timezone, wall)
  const offset = offsetOf(zone)
  return offset === undefined ? undefined : wall - offset
}

/** `+05:30`, `+0530`, `+05`, `Z`, in milliseconds. */
function offsetOf(zone: string): number | undefined {
  if (/^z$/i.test(zone)) return 0
  const [, sign, hours = '', minutes = '0'] = /^([+-])(\d\d):?(\d\d)?$/.exec(zone) ?? []
  const total = Number(hours) * 60 + Number(minutes)
  if (Number(minutes) > 59 || total > 14 * 60) return undefined
  return (sign === '-' ? -1 : 1) * total * 60_000
}
