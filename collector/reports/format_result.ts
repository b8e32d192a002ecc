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
  format(head: ReportHead, body: Buffer): Buffer
}

const asRead = (_head: ReportHead, body: Buffer) => body

export const formats: Readonly<Record<ReportFormat, Format>> = {
  table: { reads: 'JSON', contentType: 'text/plain; charset=utf-8', format: toTable },
  json: { reads: 'JSON', contentType: 'application/json; charset=utf-8', format: toJson },
  csv: { reads: 'CSVWithNames', contentType: 'text/csv; charset=utf-8; header=present', format: asRead },
  ndjson: { reads: 'JSONEachRow', contentType: 'application/x-ndjson; charset=utf-8', format: asRead },
  parquet: { reads: 'Parquet', contentType: 'application/vnd.apache.parquet', format: asRead },
}

type Result = { readonly columns: readonly Column[]; readonly rows: readonly Row[] }

/** ClickHouse's `JSON`: `{"meta": [{"name", "type"}], "data": [{…}], …}` */
function parseResult(body: Buffer): Result {
  const { meta, data } = JSON.parse(body.toString()) as { meta: Column[]; data: Row[] }
  return { columns: meta, rows: data }
}

function toJson(head: ReportHead, body: Buffer): Buffer {
  return Buffer.from(`${JSON.stringify({ ...head, ...parseResult(body) })}\n`)
}

function toTable(head: ReportHead, body: Buffer): Buffer {
  const { columns, rows } = parseResult(body)
  const period = head.from === head.to ? head.from : `${head.from} to ${head.to}`
  const title = `${head.report}, ${head.site}, ${period} (${head.timezone})\n\n`
  const table = rows.length === 0 ? 'Nothing in this period.\n' : textTable(columns, rows)
  const notes = head.notes.map(note => `${note}\n`).join('')
  return Buffer.from(`${title}${table}${notes === '' ? '' : `\n${notes}`}`)
}
