// Makes the bytes of a load from its ranges: when it is gathered, and again, the same, after a crash.

import { join } from 'node:path'
import { columnsByRowVersion } from '../pipeline/row_columns.ts'
import { openSegment, readSlice } from '../spool/reader.ts'
import type { Manifest, Range } from './manifest.ts'
import { checksum, countRows, distinctFields, joinRows, withoutRows } from './rows.ts'

export type LoadBytes = {
  readonly bytes: Buffer
  readonly rows: number
  readonly crc32: number
  readonly days: readonly string[]
}

export function loadBytes(
  { load, rowVersion }: Pick<Manifest, 'load' | 'rowVersion'>,
  parts: readonly Buffer[],
  rejected: readonly number[] = [],
): LoadBytes {
  return describeBytes(withoutRows(joinRows(parts, load), rejected), rowVersion)
}

export function describeBytes(bytes: Buffer, rowVersion: number): LoadBytes {
  const dayColumn = columnsByRowVersion.get(rowVersion)?.indexOf('day') ?? -1
  return {
    bytes,
    rows: countRows(bytes),
    crc32: checksum(bytes),
    days: distinctFields(bytes, dayColumn),
  }
}

/**
 * `gone`: a segment is no more, and segments are removed only after their loads were complete. `changed`: the segments no
 * longer hold what the manifest says; then it is void, and what is there loads anew.
 */
export async function rebuildLoad(
  manifest: Manifest,
  spoolDirectory: string,
): Promise<LoadBytes | 'gone' | 'changed'> {
  const parts: Buffer[] = []
  for (const range of manifest.ranges) {
    const found = await readRange(spoolDirectory, range)
    if (typeof found === 'string') return found
    parts.push(...found)
  }
  const rebuilt = loadBytes(manifest, parts, manifest.rejected)
  return rebuilt.rows === manifest.rows && rebuilt.crc32 === manifest.crc32 ? rebuilt : 'changed'
}

async function readRange(
  directory: string,
  { segment, from, to, skipped }: Range,
): Promise<Buffer[] | 'gone' | 'changed'> {
  const path = join(directory, segment)
  const handle = (await openSegment(`${path}.seg`)) ?? (await openSegment(`${path}.open`))
  if (!handle) return 'gone'
  try {
    const left = new Set(skipped)
    const parts: Buffer[] = []
    let at = from
    while (at < to) {
      const { records, state } = await readSlice(handle, at, { isSealed: false })
      for (const { offset, end, record } of records) {
        if (end > to) break
        if (!left.has(offset)) parts.push(record.rows)
        at = end
      }
      if (state !== 'more') break
    }
    return at === to ? parts : 'changed'
  } finally {
    await handle.close()
  }
}
