// The period of a report: days of the site's own calendar. Without one, the last seven days, today included.

import type { Site } from '../config/config.ts'

export type Period = { readonly from: string; readonly to: string }

const dayMs = 24 * 3600 * 1000

/** `('Europe/Bucharest', now) → '2026-11-23'` */
export function localDay(timezone: string, at: number): string {
  return new Intl.DateTimeFormat('en-CA', { timeZone: timezone, dateStyle: 'short' }).format(at)
}

/** Undefined when a day is no day, or the last is before the first. Either end may be left out. */
export function reportPeriod(site: Site, now: number, from?: string, to?: string): Period | undefined {
  const last = to ?? localDay(site.timezone, now)
  if (!isDay(last)) return undefined
  const first = from ?? new Date(Date.parse(last) - 6 * dayMs).toISOString().slice(0, 10)
  return isDay(first) && first <= last ? { from: first, to: last } : undefined
}

/** `2026-02-28` is one, `2026-02-30` and `28.2.2026` are not. */
export function isDay(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false
  const at = Date.parse(`${text}T00:00:00Z`)
  return !Number.isNaN(at) && new Date(at).toISOString().startsWith(text)
}
