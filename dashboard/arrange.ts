// What a report's rows look like as tables. Most are one table as it came; a few hold several subjects in one list, which a
// reader would have to take apart: browsers after countries, fifteen metrics of one page after another.

import type { Report, Row } from './api.ts'
import { type Column, formatValue, nothing } from './format.ts'

/** `name` is the value that all its rows share: `country`. '' where the report is one table. */
export type Part = {
  readonly name: string
  readonly columns: readonly Column[]
  readonly rows: readonly Row[]
}

/** `together`: small tables beside each other. `choice`: one at a time, chosen above it. */
export type Arrangement = { readonly layout: 'together' | 'choice'; readonly parts: readonly Part[] }

export function arrange(report: Report): Arrangement {
  const { rows, columns } = report
  switch (report.report) {
    case 'hours':
      return together({ name: '', columns, rows: newestFirst(rows) })
    case 'audience':
      return together(...split(report, 'dimension').map(part => renamed(part, { value: part.name })))
    case 'scroll':
      return together(decilesAcross(report))
    case 'timings':
      return { layout: 'choice', parts: vitalsFirst(split(report, 'metric')).map(withoutUnit) }
    default:
      return together({ name: '', columns, rows })
  }
}

function together(...parts: Part[]): Arrangement {
  return { layout: 'together', parts: parts.map(filled) }
}

/** `2026-10-25 03:00 +0100 → 03:00`; its distance from UTC stays where clocks changed within the period. */
function newestFirst(rows: readonly Row[]): Row[] {
  const isOneOffset = new Set(rows.map(({ hour }) => String(hour).slice(17))).size === 1
  return rows
    .map(row => ({ ...row, hour: String(row.hour).slice(11, isOneOffset ? 16 : undefined) }))
    .reverse()
}

/** One part for each value of a column, in the order of their first rows, without that column. */
function split({ columns, rows }: Report, by: string): Part[] {
  const parts = new Map<string, Row[]>()
  for (const row of rows) {
    const name = String(row[by])
    parts.set(name, [...(parts.get(name) ?? []), row])
  }
  const kept = columns.filter(column => column.name !== by)
  return [...parts].map(([name, rows]) => ({ name, columns: kept, rows }))
}

/** A page is a row, its ten shares stand across: `/a  100%  100%  82% …`. */
function decilesAcross({ rows }: Report): Part {
  const pages = new Map<string, Record<string, Row[string]>>()
  for (const { path, visitors, decile, share } of rows) {
    const page = pages.get(String(path)) ?? { path, visitors }
    page[`${Number(decile) * 10}_share`] = share
    pages.set(String(path), page)
  }
  const deciles = Array.from({ length: 10 }, (_, i) => ({ name: `${(i + 1) * 10}_share`, type: 'Float64' }))
  const columns = [{ name: 'path', type: 'String' }, { name: 'visitors', type: 'UInt64' }, ...deciles]
  return { name: '', columns, rows: [...pages.values()] }
}

/** How a page feels comes before the phases that explain it. */
const firstMetrics = ['LCP', 'INP', 'CLS', 'FCP', 'TTFB', 'load']

function vitalsFirst(parts: readonly Part[]): Part[] {
  const first = firstMetrics.flatMap(metric => parts.filter(part => part.name === metric))
  return [...first, ...parts.filter(part => !first.includes(part))]
}

/** The report's columns end in `_ms`, but CLS has no unit. */
function withoutUnit(part: Part): Part {
  if (part.name !== 'CLS') return part
  return renamed(part, { median_ms: 'median', p75_ms: 'p75', p95_ms: 'p95' })
}

function renamed(part: Part, names: Readonly<Record<string, string>>): Part {
  const columns = part.columns.map(({ name, type }) => ({ name: names[name] ?? name, type }))
  const rows = part.rows.map(row =>
    Object.fromEntries(Object.entries(row).map(([name, value]) => [names[name] ?? name, value])),
  )
  return { ...part, columns, rows }
}

/** A column that says nothing in any row would take the place of those that do. */
function filled(part: Part): Part {
  const says = (column: Column) => part.rows.some(row => formatValue(column, row[column.name]) !== nothing)
  return { ...part, columns: part.columns.filter(says) }
}
