// The period of a report: days of the site's own calendar. Without one, the last seven days, today included.

import type { Site } from '../config/config.ts'
import { isDay } from '../pipeline/day.ts'
import { addDays, localTime } from '../pipeline/local_time.ts'

export type Period = { readonly from: string; readonly to: string }

/** Undefined when a day is no day, or the last is before the first. Either end may be left out. */
export function reportPeriod(site: Site, now: number, from?: string, to?: string): Period | undefined {
  const last = to ?? localTime(site.timezone, now).day
  if (!isDay(last)) return undefined
  const first = from ?? addDays(last, -6)
  return isDay(first) && first <= last ? { from: first, to: last } : undefined
}
