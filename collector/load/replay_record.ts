// A row that was set aside, as a record of the spool again. It is named by its load and its place in it, so that the window
// of repeats knows it should the same file be brought back from a backup; visitor and shard are read from the row.

import { createHash } from 'node:crypto'
import { shardOf } from '../pipeline/batch_keys.ts'
import { columnsByRowVersion, loadDigits } from '../pipeline/row_columns.ts'
import type { SpoolRecord } from '../spool/record.ts'
import type { Reject } from './rejects.ts'
import { fieldOfFirstRow } from './rows.ts'

/** Numbers of first-party visitors begin here; those of a day are smaller, and are nobody's whom a request could name. */
const firstPartyFrom = 1n << 63n

export function replayRecord(load: number, rowVersion: number, { row, bytes }: Reject): SpoolRecord {
  const rows = Buffer.from(bytes, 'base64')
  // The loader wrote the number of its load here; the next one writes its own.
  if (rows.toString('latin1', 0, loadDigits) === String(load)) rows.fill('0', 0, loadDigits, 'latin1')
  const field = (name: string) =>
    fieldOfFirstRow(rows, columnsByRowVersion.get(rowVersion)?.indexOf(name) ?? -1)
  const visitor = field('visitor')
  return {
    rowVersion,
    batchHash: hashOf(load, row),
    subjectTag: numberOf(visitor) >= firstPartyFrom ? numberOf(visitor) : 0n,
    shard: shardOf(field('site'), visitor === '0' ? field('page') : visitor),
    rowCount: 1,
    rows,
  }
}

function hashOf(load: number, row: number): bigint {
  return createHash('sha256').update(`replay ${load} ${row}`).digest().readBigUInt64BE(0)
}

function numberOf(text: string): bigint {
  return /^\d{1,20}$/.test(text) ? BigInt(text) : 0n
}
