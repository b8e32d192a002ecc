// The formats in which a report is given out, and what ClickHouse is asked for to make each of them.

import { type Column, type Row, textTable } from './text_table.ts'

export const reportFormats = ['table', 'json', 'csv', 'ndjson', 'parquet'] as const
export type ReportFormat = (typeof reportFormats)[number]

export function isReportFormat(format: string): format is ReportFormat {
  return (reportFormats as readonly string[]).includes(format)
}

/** What a report is about, beside its rows. */
export type ReportHead = {
  readonly report: string
  readonly site: string
  readonly from: string
  readonly to: string
  readonly timezone: string
  readonly notes: readonly string[]
}

type Format = {
  /** ClickHouse's name of the format that is read. */
  readonly reads: string
  readonly contentType: string
  /** Rows that it shows, and says so where there are more; undefined: all, as it has no place to say that. */
  readonly rowsMax: number | undefined
  /** `rowsMax` is this report's: the format's, or undefined. */
  format(head: ReportHead, body: Buffer, rowsMax: number | undefined): Buffer
}

const rowsMax = 10_000
const asRead = (_head: ReportHead, body: Buffer) => body

/** What is the same for formats that programs read: ClickHouse's own bytes, complete. */
const complete = { rowsMax: undefined, format: asRead }

export const formats: Readonly<Record<ReportFormat, Format>> = {
  table: { reads: 'JSON', contentType: 'text/plain; charset=utf-8', rowsMax, format: toTable },
  json: { reads: 'JSON', contentType: 'application/json; charset=utf-8', rowsMax, format: toJson },
  csv: { reads: 'CSVWithNames', contentType: 'text/csv; charset=utf-8; header=present', ...complete },
  ndjson: { reads: 'JSONEachRow', contentType: 'application/x-ndjson; charset=utf-8', ...complete },
  parquet: { reads: 'Parquet', contentType: 'application/vnd.apache.parquet', ...complete },
}

type Result = {
  readonly head: ReportHead
  readonly columns: readonly Column[]
  readonly rows: readonly Row[]
}

/** ClickHouse's `JSON`: `{"meta": [{"name", "type"}], "data": [{…}], …}`; more rows than are shown are cut, with a note. */
function parseResult(head: ReportHead, body: Buffer, rowsMax = Number.POSITIVE_INFINITY): Result {
  const { meta, data } = JSON.parse(body.toString()) as { meta: Column[]; data: Row[] }
  if (data.length <= rowsMax) return { head, columns: meta, rows: data }
  const note = `Only the first ${rowsMax} rows are shown; csv, ndjson and parquet give all of them.`
  return { head: { ...head, notes: [...head.notes, note] }, columns: meta, rows: data.slice(0, rowsMax) }
}

function toJson(asked: ReportHead, body: Buffer, rowsMax: number | undefined): Buffer {
  const { head, columns, rows } = parseResult(asked, body, rowsMax)
  return Buffer.from(`${JSON.stringify({ ...head, columns, rows })}\n`)
}

function toTable(asked: ReportHead, body: Buffer, rowsMax: number | undefined): Buffer {
  const { head, columns, rows } = parseResult(asked, body, rowsMax)
  const period = head.from === head.to ? head.from : `${head.from} to ${head.to}`
  const title = `${head.report}, ${head.site}, ${period} (${head.timezone})\n\n`
  const table = rows.length === 0 ? 'Nothing in this period.\n' : textTable(columns, rows)
  const notes = head.notes.map(note => `${note}\n`).join('')
  return Buffer.from(`${title}${table}${notes === '' ? '' : `\n${notes}`}`)
}
