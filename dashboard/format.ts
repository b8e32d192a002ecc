// How names and values of a report's columns are shown. A column's unit is the end of its name, as everywhere in
// Lightfoot: `ttfb_ms`, `transfer_bytes`, `bounce_share`.

export type Column = { readonly name: string; readonly type: string }
export type Value = string | number | boolean | null | undefined | readonly Value[]

const spelled: Readonly<Record<string, string>> = {
  dns: 'DNS',
  tls: 'TLS',
  ttfb: 'TTFB',
  dcl: 'DCL',
  lcp: 'LCP',
  cls: 'CLS',
  inp: 'INP',
  fcp: 'FCP',
}

/** Columns and metrics whose name does not say enough to a reader. */
const headings: Readonly<Record<string, string>> = {
  views: 'Page views',
  active_ms: 'Engaged, average',
  visible_ms: 'In view, average',
  from_path: 'From page',
  path: 'Page',
  page_group: 'Group',
  referrer_host: 'Referrer',
  referrer_path: 'Its page',
  campaign_source: 'Source',
  campaign_medium: 'Medium',
  campaign_name: 'Campaign',
  target_host: 'Leads to',
  target_path: 'Its page',
  p75_ms: '75% within',
  p75: '75% within',
  p95_ms: '95% within',
  p95: '95% within',
  LCP: 'LCP: largest content shown',
  INP: 'INP: answer to an input',
  CLS: 'CLS: layout shift',
  FCP: 'FCP: first content shown',
  TTFB: 'TTFB: first byte',
  load: 'Load: page complete',
  ttfb: 'First byte, by navigation timing',
  interactive: 'Document interactive',
  dcl: 'Document content loaded',
  redirect: 'Phase: redirect',
  dns: 'Phase: DNS',
  connect: 'Phase: connect',
  tls: 'Phase: TLS',
  request: 'Phase: request',
  response: 'Phase: response',
}

/** `page_group → 'Group'`, `ttfb_p75_ms → 'TTFB p75'`: the unit stands with the values. `30_share → '30%'` */
export function headingOf(name: string): string {
  const given = headings[name]
  if (given !== undefined) return given
  if (/^\d+_share$/.test(name)) return `${Number.parseInt(name, 10)}%`
  const words = name.replace(/_(ms|bytes)$/, '').split('_')
  const heading = words.map(word => spelled[word] ?? word).join(' ')
  return heading.charAt(0).toUpperCase() + heading.slice(1)
}

/** To be read as a quantity. ClickHouse types: `UInt64`, `Float32`, `Decimal(9, 2)`, also inside `Nullable(…)` and `LowCardinality(…)`. */
export function isNumeric({ name, type }: Column): boolean {
  // An HTTP status is a name that is written in digits.
  return name !== 'status' && /^(Nullable\(|LowCardinality\()*(U?Int|Float|Decimal)/.test(type)
}

/** Counts that are worth a bar: no durations, shares or codes. */
export function isCount(column: Column): boolean {
  return isNumeric(column) && !/_(ms|bytes|share|rate)$|^(share|rate|median|p\d)/.test(column.name)
}

const whole = new Intl.NumberFormat('en', { maximumFractionDigits: 0 })
const tenth = new Intl.NumberFormat('en', { minimumFractionDigits: 1, maximumFractionDigits: 1 })
const percent = new Intl.NumberFormat('en', { style: 'percent', maximumFractionDigits: 1 })
const hundredth = new Intl.NumberFormat('en', { maximumFractionDigits: 2 })

export const nothing = '–'

export function formatValue(column: Column, value: Value): string {
  if (column.name === 'from_path' && value === '') return '(outside)'
  if (value === null || value === undefined || value === '') return nothing
  if (!isNumeric(column)) return formatText(column, String(value))
  // 64-bit numbers arrive as strings from ClickHouse; what is counted here is far below 2^53.
  const number = Number(value)
  if (!Number.isFinite(number)) return nothing
  if (column.name.endsWith('_ms')) return formatDuration(number)
  if (column.name.endsWith('_bytes')) return formatBytes(number)
  if (/(^|_)(share|rate)$/.test(column.name)) return percent.format(number)
  return Number.isInteger(number) ? whole.format(number) : hundredth.format(number)
}

const date = new Intl.DateTimeFormat('en-GB', {
  weekday: 'short',
  day: 'numeric',
  month: 'short',
  year: 'numeric',
  timeZone: 'UTC',
})
const names = {
  country: new Intl.DisplayNames('en', { type: 'region' }),
  language: new Intl.DisplayNames('en', { type: 'language' }),
}

/** `2026-11-23 → 'Mon, 23 Nov 2026'`, `GB → 'United Kingdom'`, `back_forward → 'back/forward'`, a screen's `390 → 'from 390 px'`. */
function formatText({ name, type }: Column, text: string): string {
  if (type === 'Date') return date.format(new Date(text))
  if (name === 'country' || name === 'language') return nameOf(names[name], text)
  if (name === 'screen' && /^\d+$/.test(text)) return `from ${text} px`
  if (name === 'status' && text === '0') return nothing
  return text === 'back_forward' ? 'back/forward' : text
}

/** Throws for what is no code, such as (other). */
function nameOf(known: Intl.DisplayNames, code: string): string {
  try {
    return known.of(code) ?? code
  } catch {
    return code
  }
}

/** `420 → '420 ms'`, `4200 → '4.2 s'`, `252_000 → '4 min 12 s'`, `7_500_000 → '2 h 5 min'` */
export function formatDuration(ms: number): string {
  if (ms < 1000) return `${whole.format(ms)} ms`
  if (ms < 60_000) return `${tenth.format(ms / 1000)} s`
  const seconds = Math.round(ms / 1000)
  const minutes = Math.floor(seconds / 60)
  if (minutes < 60) return `${minutes} min ${seconds % 60} s`
  return `${whole.format(Math.floor(minutes / 60))} h ${minutes % 60} min`
}

/** `1536 → '1.5 kB'`: thousands, as browsers show transfer sizes. */
export function formatBytes(bytes: number): string {
  if (bytes < 1000) return `${whole.format(bytes)} B`
  if (bytes < 1_000_000) return `${tenth.format(bytes / 1000)} kB`
  return `${tenth.format(bytes / 1_000_000)} MB`
}
