// The period of the reports, as days of the site's own calendar: when it is past midnight in the site's zone, `today`
// is already the next day, wherever the reader sits.

export const periodKinds = ['today', '7d', '30d', 'own'] as const
export type PeriodKind = (typeof periodKinds)[number]

export const periodNames: Readonly<Record<PeriodKind, string>> = {
  today: 'Today',
  '7d': 'Last 7 days',
  '30d': 'Last 30 days',
  own: 'From – to',
}

/** Both days are included; ISO dates such as 2026-02-28. */
export type Days = { readonly from: string; readonly to: string }

/** `localDay('Pacific/Auckland', Date.parse('2026-02-28T12:00Z')) → '2026-03-01'` */
export function localDay(timezone: string, at: number): string {
  // en-CA writes ISO dates; the parts are put together by hand, because the locale's own pattern has changed before.
  const parts = new Intl.DateTimeFormat('en-CA', {
    timeZone: timezone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
  }).formatToParts(at)
  const part = (type: string) => parts.find(candidate => candidate.type === type)?.value ?? ''
  return `${part('year')}-${part('month')}-${part('day')}`
}

/** `addDays('2026-03-01', -1) → '2026-02-28'` */
export function addDays(day: string, count: number): string {
  const date = new Date(`${day}T00:00:00Z`)
  date.setUTCDate(date.getUTCDate() + count)
  return date.toISOString().slice(0, 10)
}

const lengths: Readonly<Record<Exclude<PeriodKind, 'own'>, number>> = { today: 1, '7d': 7, '30d': 30 }

/** The days of a named period, today included. */
export function daysOf(kind: Exclude<PeriodKind, 'own'>, timezone: string, now: number): Days {
  const to = localDay(timezone, now)
  return { from: addDays(to, 1 - lengths[kind]), to }
}

/** What is wrong with days that a person chose; '' when nothing is. */
export function faultOfDays({ from, to }: Days): string {
  if (!isDay(from) || !isDay(to)) return 'Choose both days.'
  return from > to ? 'The first day is after the last.' : ''
}

export function isDay(text: string): boolean {
  return /^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(Date.parse(text))
}

export function isPeriodKind(text: string | null): text is PeriodKind {
  return periodKinds.some(kind => kind === text)
}
