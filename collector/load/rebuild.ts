// Makes the bytes of a load from its ranges: when it is gathered, and again, the same, after a crash.

import { join } from 'node:path'
import { columnsByRowVersion } from '../pipeline/row_columns.ts'
import { isUnreadable, openSegment, readSlice } from '../spool/reader.ts'
import type { Manifest, Range } from './manifest.ts'
import { createRowBuffer, type RowBuffer } from './row_buffer.ts'
import { checksum, describeRows, numberRows, withoutRows } from './rows.ts'

export type LoadBytes = {
  readonly bytes: Buffer
  readonly rows: number
  readonly crc32: number
  readonly days: readonly string[]
}

/** `rows` as the spool has them; the load's number is written into them. */
export function loadBytes(
  { load, rowVersion }: Pick<Manifest, 'load' | 'rowVersion'>,
  rows: Buffer,
  rejected: readonly number[] = [],
): LoadBytes {
  numberRows(rows, load)
  return describeBytes(withoutRows(rows, rejected), rowVersion)
}

export function describeBytes(bytes: Buffer, rowVersion: number): LoadBytes {
  const dayColumn = columnsByRowVersion.get(rowVersion)?.indexOf('day') ?? -1
  const { rows, values } = describeRows(bytes, dayColumn)
  return { bytes, rows, crc32: checksum(bytes), days: values }
}

/**
 * `gone`: its segments are no more, and segments are removed only after their loads were complete; `part`: some are there.
 * `changed`: the segments no longer hold what the manifest says, or cannot be read; then it is void, and what is there loads
 * anew.
 */
export async function rebuildLoad(
  manifest: Manifest,
  spoolDirectory: string,
): Promise<LoadBytes | 'gone' | 'part' | 'changed'> {
  const rows = createRowBuffer()
  const states = []
  for (const range of manifest.ranges) states.push(await readRange(spoolDirectory, range, rows))
  if (states.includes('gone')) return states.every(state => state === 'gone') ? 'gone' : 'part'
  if (states.includes('changed')) return 'changed'
  const rebuilt = loadBytes(manifest, rows.bytes(), manifest.rejected)
  return rebuilt.rows === manifest.rows && rebuilt.crc32 === manifest.crc32 ? rebuilt : 'changed'
}

async function readRange(
  directory: string,
  { segment, from, to, skipped }: Range,
  rows: RowBuffer,
): Promise<'read' | 'gone' | 'changed'> {
  const path = join(directory, segment)
  const handle = (await openSegment(`${path}.seg`)) ?? (await openSegment(`${path}.open`))
  if (!handle) return 'gone'
  try {
    const left = new Set(skipped)
    let at = from
    while (at < to) {
      const { records, state } = await readSlice(handle, at, { isSealed: false })
      for (const { offset, end, record } of records) {
        if (end > to) break
        if (!left.has(offset)) rows.append(record.rows)
        at = end
      }
      if (state !== 'more') break
    }
    return at === to ? 'read' : 'changed'
  } catch (error) {
    if (isUnreadable(error)) return 'changed'
    throw error
  } finally {
    await handle.close()
  }
}
