// Finds a report, binds its parameters and runs it. Everything that a report shows is read from rollups, by its own SQL.

import { join } from 'node:path'
import type { Site } from '../config/config.ts'
import { packageRoot } from '../config/package_root.ts'
import { isDay } from '../pipeline/day.ts'
import type { Store } from '../store/store.ts'
import { formats, type ReportFormat } from './format_result.ts'
import { ReportError } from './report_error.ts'
import { type Note, type ReportFile, readReports } from './report_files.ts'

export type ReportQuestion = {
  readonly name: string
  readonly site: Site
  /** Local days of the site, both included: `2026-11-23`. */
  readonly from: string
  readonly to: string
  readonly format: ReportFormat
}

export type ReportAnswer = { readonly contentType: string; readonly body: Buffer }

const files: readonly ReportFile[] = readReports(join(packageRoot(), 'reports'))

/** For lists and menus. */
export const reports: readonly {
  readonly name: string
  readonly title: string
  readonly description: string
}[] = files.map(({ name, title, description }) => ({ name, title, description }))

export const reportNames: readonly string[] = files.map(file => file.name)

export function isReportName(name: string): boolean {
  return reportNames.includes(name)
}

/** Throws ReportError for a wrong question, StoreError where the database does not answer. */
export async function runReport(store: Store, question: ReportQuestion): Promise<ReportAnswer> {
  const { site, from, to } = question
  const file = files.find(candidate => candidate.name === question.name)
  if (!file) {
    throw new ReportError('unknown_report', `there is no such report; there are: ${reportNames.join(', ')}`)
  }
  checkPeriod(from, to)
  const { reads, contentType, format, ...asked } = formats[question.format]
  const rowsMax = file.isOpenEnded ? asked.rowsMax : undefined
  const parameters = { site: site.id, from, to, minimum: site.minimumGroup, timezone: site.timezone }
  // One row more than is shown tells whether there are more.
  const limit = rowsMax === undefined ? '' : `\nlimit ${rowsMax + 1}`
  // Counts as numbers, not as texts: what is counted here is far below 2^53.
  const sql = `${file.sql}${limit}\nsettings output_format_json_quote_64bit_integers = 0`
  const body = await store.read(sql, parameters, reads)
  const notes = file.notes.filter(note => applies(note, question)).map(({ text }) => withMinimum(text, site))
  const head = { report: file.name, site: site.id, from, to, timezone: site.timezone, notes }
  return { contentType, body: format(head, body, rowsMax) }
}

/** Rollups are kept for years, not longer; a period without end is a mistake. */
const periodDaysMax = 3660
const dayMs = 24 * 3600 * 1000

function checkPeriod(from: string, to: string): void {
  const wrong = [from, to].find(day => !isDay(day))
  if (wrong !== undefined) {
    throw new ReportError('wrong_period', 'from and to are days such as 2026-02-28')
  }
  if (from > to) throw new ReportError('wrong_period', `the first day (${from}) is after the last (${to})`)
  if (Date.parse(to) - Date.parse(from) > periodDaysMax * dayMs) {
    throw new ReportError('wrong_period', 'a period is at most ten years')
  }
}

function applies({ when }: Note, { from, to, site }: ReportQuestion): boolean {
  switch (when) {
    case 'always':
      return true
    case 'several days':
      return from !== to
    case 'minimum':
      return site.minimumGroup > 1
  }
}

function withMinimum(text: string, { minimumGroup }: Site): string {
  return text.replace('{minimum}', String(minimumGroup))
}
