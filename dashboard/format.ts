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

/** `page_group → 'Page group'`, `ttfb_p75_ms → 'TTFB p75'`: the unit stands with the values. */
export function headingOf(name: string): string {
  const words = name.replace(/_(ms|bytes)$/, '').split('_')
  const heading = words.map(word => spelled[word] ?? word).join(' ')
  return heading.charAt(0).toUpperCase() + heading.slice(1)
}

/** ClickHouse types: `UInt64`, `Float32`, `Decimal(9, 2)`, also inside `Nullable(…)` and `LowCardinality(…)`. */
export function isNumeric({ type }: Column): boolean {
  return /^(Nullable\(|LowCardinality\()*(U?Int|Float|Decimal)/.test(type)
}

/** Counts that are worth a bar: no durations, shares or codes. */
export function isCount(column: Column): boolean {
  return (
    isNumeric(column) && !/_(ms|bytes|share|rate)$|^(status|share|rate|hour|decile|scroll_)/.test(column.name)
  )
}

const whole = new Intl.NumberFormat('en', { maximumFractionDigits: 0 })
const tenth = new Intl.NumberFormat('en', { minimumFractionDigits: 1, maximumFractionDigits: 1 })
const percent = new Intl.NumberFormat('en', { style: 'percent', maximumFractionDigits: 1 })
const hundredth = new Intl.NumberFormat('en', { maximumFractionDigits: 2 })

export const nothing = '–'

export function formatValue(column: Column, value: Value): string {
  if (value === null || value === undefined || value === '') return nothing
  if (!isNumeric(column)) return String(value)
  // 64-bit numbers arrive as strings from ClickHouse; what is counted here is far below 2^53.
  const number = Number(value)
  if (!Number.isFinite(number)) return nothing
  if (column.name.endsWith('_ms')) return formatDuration(number)
  if (column.name.endsWith('_bytes')) return formatBytes(number)
  if (/(^|_)(share|rate)$/.test(column.name)) return percent.format(number)
  if (column.name === 'status') return String(number)
  return Number.isInteger(number) ? whole.format(number) : hundredth.format(number)
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
