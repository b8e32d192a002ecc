// What a line of a list of calls says, by the names of its four fields: CSV with a line of names, or NDJSON. A call is one
// line; a quoted field that goes on in the next line spoils that line only, and is told by its number.

import { parse } from 'csv-parse/sync'

export const callFormats = ['csv', 'ndjson'] as const
export type CallFormat = (typeof callFormats)[number]

const names = ['time', 'caller', 'dialled', 'seconds'] as const

export type CallFields = Readonly<Record<(typeof names)[number], string>>

/** The fields of the next line; undefined for one that cannot be read. `skip`: it holds no call. */
export type ReadCall = (line: string) => CallFields | 'skip' | undefined

/** Thrown for the first line of a CSV that does not name the four fields: nothing behind it can be read. */
export class CallHeaderError extends Error {
  override readonly name = 'CallHeaderError'
}

export function createCallReader(format: CallFormat): ReadCall {
  const read = format === 'csv' ? csvReader() : readObject
  return line => {
    const text = line.replace(/^\ufeff/, '')
    return text.trim() === '' ? 'skip' : read(text)
  }
}

function csvReader(): ReadCall {
  let columns: { delimiter: string; places: readonly number[]; width: number } | undefined
  return line => {
    if (columns === undefined) {
      columns = readHeader(line)
      return 'skip'
    }
    const { delimiter, places, width } = columns
    const values = splitLine(line, delimiter)
    if (values?.length !== width) return undefined
    const [time = '', caller = '', dialled = '', seconds = ''] = places.map(place =>
      (values[place] ?? '').trim(),
    )
    return { time, caller, dialled, seconds }
  }
}

/** `Time;Caller;Dialled;Seconds`: in any order, among others, behind commas, semicolons or tabs. */
function readHeader(line: string) {
  const countOf = (mark: string) => line.split(mark).length
  const [delimiter = ','] = [',', ';', '\t'].sort((one, other) => countOf(other) - countOf(one))
  const found = splitLine(line, delimiter)?.map(name => name.trim().toLowerCase()) ?? []
  const missing = names.filter(name => !found.includes(name))
  if (missing.length > 0)
    throw new CallHeaderError(
      `the first line has to name the columns time, caller, dialled and seconds: ${missing.join(', ')} is missing`,
    )
  return { delimiter, places: names.map(name => found.indexOf(name)), width: found.length }
}

/** Most lines have no quotes, and need no parser. */
function splitLine(line: string, delimiter: string): readonly string[] | undefined {
  if (!line.includes('"')) return line.split(delimiter)
  try {
    const [values] = parse(line, { delimiter, relax_column_count: true })
    return values
  } catch {
    // Its message quotes the line.
    return undefined
  }
}

/** `{"time":"2026-11-20T14:03:22Z","caller":"+40…","dialled":"+40213000000","seconds":61}`; other keys are not read. */
function readObject(line: string): CallFields | undefined {
  let value: unknown
  try {
    value = JSON.parse(line)
  } catch {
    return undefined
  }
  if (typeof value !== 'object' || value === null) return undefined
  const { time, caller, dialled, seconds } = value as Record<string, unknown>
  if (typeof time !== 'string' || typeof dialled !== 'string') return undefined
  if (typeof seconds !== 'number' && typeof seconds !== 'string') return undefined
  // Who withholds the number has none.
  if (caller !== undefined && caller !== null && typeof caller !== 'string') return undefined
  return { time: time.trim(), caller: caller ?? '', dialled: dialled.trim(), seconds: String(seconds).trim() }
}
