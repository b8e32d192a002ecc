// The reports as they are written: one SQL file each in reports/, with a header comment that says what it answers. A report
// is there because its file is there.

import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

export type ReportFile = {
  readonly name: string
  /** `Pages` */
  readonly title: string
  /** `What was looked at, how often and for how long.` */
  readonly description: string
  readonly notes: readonly Note[]
  /** Its rows are what visitors did (so it has a minimum group), and may be very many; hours and types of events are not. */
  readonly isOpenEnded: boolean
  readonly sql: string
}

/** `several days` and `minimum`: only said where the period has several days, or a minimum group is on. */
export type Note = { readonly when: 'always' | 'several days' | 'minimum'; readonly text: string }

/**
 * As an owner reads them: how much, when, what, from where, by whom, then what was done, and what went wrong. The API, the
 * command's help and the dashboard list them so; a report that is not named here comes after these.
 */
const readingOrder: readonly string[] = [
  'totals',
  'hours',
  'pages',
  'sources',
  'flows',
  'audience',
  'actions',
  'calls',
  'scroll',
  'timings',
  'exits',
  'errors',
]

export function readReports(directory: string): readonly ReportFile[] {
  const files = readdirSync(directory).filter(file => file.endsWith('.sql'))
  const reports = files.sort().map(file => parseReport(file, readFileSync(join(directory, file), 'utf8')))
  return reports.sort((one, other) => placeOf(one) - placeOf(other))
}

function placeOf({ name }: ReportFile): number {
  const place = readingOrder.indexOf(name)
  return place === -1 ? readingOrder.length : place
}

/**
 * The first line is `-- Title: description.`; notes are `-- Note: …` or `-- Note, minimum: …`, and go on in lines that are
 * indented below them.
 */
export function parseReport(file: string, sql: string): ReportFile {
  const lines = sql.split('\n')
  const first = /^-- ([A-Z][\w ]*): (.+)$/.exec(lines[0] ?? '')
  if (!first) throw new Error(`reports/${file}: the first line is not like «-- Title: what it answers.»`)
  const [, title = '', description = ''] = first
  return {
    name: file.slice(0, -'.sql'.length),
    title,
    description: description.charAt(0).toUpperCase() + description.slice(1),
    notes: parseNotes(lines),
    isOpenEnded: sql.includes('{minimum:UInt32}'),
    sql,
  }
}

function parseNotes(lines: readonly string[]): Note[] {
  const notes: { when: Note['when']; text: string }[] = []
  let isInNote = false
  for (const line of lines) {
    const start = /^-- Note(?:, (several days|minimum))?: (.+)$/.exec(line)
    if (start) notes.push({ when: (start[1] as Note['when'] | undefined) ?? 'always', text: start[2] ?? '' })
    const more: RegExpExecArray | null = isInNote && !start ? /^-- {3,}(\S.*)$/.exec(line) : null
    const last = notes.at(-1)
    if (more && last) last.text += ` ${more[1]}`
    isInNote = start !== null || more !== null
  }
  return notes
}
