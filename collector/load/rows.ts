// The bytes of a load: rows as lines of TabSeparated, a line feed only at the end of each (inside values it is escaped).

import { crc32 } from 'node:zlib'
import { loadDigits } from '../pipeline/row_columns.ts'

const tab = 9
const lineFeed = 10
const digitZero = 48

/** A column of the first row, by position; '' when the row has not that many. */
export function fieldOfFirstRow(rows: Buffer, column: number): string {
  const start = fieldStart(rows, 0, column)
  if (start === -1) return ''
  return rows.toString('latin1', start, fieldEnd(rows, start))
}

function fieldEnd(rows: Buffer, start: number): number {
  let end = start
  while (end < rows.length && rows[end] !== tab && rows[end] !== lineFeed) end++
  return end
}

/** -1 when the line ends before that column. */
function fieldStart(rows: Buffer, lineStart: number, column: number): number {
  let at = lineStart
  for (let tabs = 0; tabs < column; at++) {
    if (at >= rows.length || rows[at] === lineFeed) return -1
    if (rows[at] === tab) tabs++
  }
  return at
}

/** Writes the load's number into each row, in place. */
export function numberRows(bytes: Buffer, load: number): void {
  const digits = Buffer.from(String(load).padStart(loadDigits, '0'), 'latin1')
  for (let at = 0; at < bytes.length; at = nextLine(bytes, at)) fillLoad(bytes, at, digits)
}

function nextLine(bytes: Buffer, at: number): number {
  const end = bytes.indexOf(lineFeed, at)
  return end === -1 ? bytes.length : end + 1
}

/**
 * A row without the placeholder cannot be counted under its load. It is spoilt, so that ClickHouse refuses it and it is
 * set aside like every row that no pipeline should have made.
 */
function fillLoad(bytes: Buffer, at: number, digits: Buffer): void {
  if (hasPlaceholder(bytes, at)) bytes.set(digits, at)
  else if (bytes[at] !== lineFeed) bytes.write('x', at, 'latin1')
}

function hasPlaceholder(bytes: Buffer, at: number): boolean {
  if (bytes[at + loadDigits] !== tab) return false
  for (let digit = 0; digit < loadDigits; digit++) if (bytes[at + digit] !== digitZero) return false
  return true
}

/** Offset of each line, and the end of the last. */
export function lineStarts(bytes: Buffer): number[] {
  const starts: number[] = []
  for (let at = 0; at < bytes.length; at = nextLine(bytes, at)) starts.push(at)
  starts.push(bytes.length)
  return starts
}

/** How many rows, and the distinct values of a short column, sorted: the days that a load touches. */
export function describeRows(bytes: Buffer, column: number): { rows: number; values: string[] } {
  const values = new Set<string>()
  let rows = 0
  // Where the value of the row before lies: the next row has nearly always the same, and a string a row would be dear.
  let known = { start: 0, end: -1 }
  for (let at = 0; at < bytes.length; at = nextLine(bytes, at)) {
    rows++
    const start = fieldStart(bytes, at, column)
    if (start === -1) continue
    const end = fieldEnd(bytes, start)
    if (isSame(bytes, start, end, known)) continue
    known = { start, end }
    values.add(bytes.toString('latin1', start, end))
  }
  return { rows, values: [...values].sort() }
}

function isSame(bytes: Buffer, start: number, end: number, known: { start: number; end: number }): boolean {
  if (end - start !== known.end - known.start) return false
  for (let at = start; at < end; at++) if (bytes[at] !== bytes[known.start + at - start]) return false
  return true
}

/** `removed`: numbers of rows, from 0, ascending. */
export function withoutRows(bytes: Buffer, removed: readonly number[]): Buffer {
  if (removed.length === 0) return bytes
  const starts = lineStarts(bytes)
  const parts: Buffer[] = []
  let keptFrom = 0
  for (const row of removed) {
    parts.push(bytes.subarray(keptFrom, starts[row]))
    keptFrom = starts[row + 1] ?? bytes.length
  }
  parts.push(bytes.subarray(keptFrom))
  return Buffer.concat(parts)
}

/** Numbers among the rows that were left, as numbers among all: with row 1 removed, [0, 1] were [0, 2]. */
export function originalNumbers(rows: readonly number[], removed: readonly number[]): number[] {
  return rows.map(row => {
    let original = row
    for (const gone of removed) if (gone <= original) original++
    return original
  })
}

export function checksum(bytes: Buffer): number {
  return crc32(bytes)
}
