// The bytes of one record. Little endian:
//
//   0 length, of the whole record   8 row version   12 shard        24 subject tag
//   4 crc32 of all that follows    10 row count     16 batch hash   32 rows
//
// A record is good when its length is possible and its crc matches; everything else is a tail or damage, and which of the
// two only the file around it can tell (reader.ts).

import { crc32 } from 'node:zlib'
import type { NewRecord, SpoolRecord } from './record.ts'

export const recordHeaderBytes = 32

/** 60 events of a 64 KiB batch, each repeating its page's URL and referrer with TSV escapes, stay below 1 MiB. */
export const recordBytesMax = 2 * 1024 * 1024

/** A record and where it lies: `offset` of its first byte in the segment, `end` just after its last. */
export type LocatedRecord = { readonly offset: number; readonly end: number; readonly record: SpoolRecord }

export function recordBytes({ rows }: NewRecord): number {
  return recordHeaderBytes + (typeof rows === 'string' ? Buffer.byteLength(rows) : rows.length)
}

export function encodeRecord(record: NewRecord): Buffer {
  const length = recordBytes(record)
  const bytes = Buffer.allocUnsafe(length)
  writeRecord(record, length, bytes, 0)
  return bytes
}

/** Writes the record at `at`; `length` is its `recordBytes`. */
export function writeRecord(record: NewRecord, length: number, bytes: Buffer, at: number): void {
  const { rows } = record
  bytes.writeUInt32LE(length, at)
  bytes.writeUInt16LE(record.rowVersion, at + 8)
  bytes.writeUInt16LE(record.rowCount, at + 10)
  bytes.writeUInt32LE(record.shard, at + 12)
  bytes.writeBigUInt64LE(record.batchHash, at + 16)
  bytes.writeBigUInt64LE(record.subjectTag, at + 24)
  if (typeof rows === 'string') bytes.write(rows, at + recordHeaderBytes)
  else bytes.set(rows, at + recordHeaderBytes)
  bytes.writeUInt32LE(crc32(bytes.subarray(at + 8, at + length)), at + 4)
}

/** The record at `at`, `incomplete` when it may go on past the end of `bytes`, `bad` when it cannot be one. */
export function decodeRecord(bytes: Buffer, at: number): SpoolRecord | 'incomplete' | 'bad' {
  const available = bytes.length - at
  if (available < 4) return 'incomplete'
  const length = bytes.readUInt32LE(at)
  if (length < recordHeaderBytes || length > recordBytesMax) return 'bad'
  if (available < length) return 'incomplete'
  if (crc32(bytes.subarray(at + 8, at + length)) !== bytes.readUInt32LE(at + 4)) return 'bad'
  return {
    rowVersion: bytes.readUInt16LE(at + 8),
    rowCount: bytes.readUInt16LE(at + 10),
    shard: bytes.readUInt32LE(at + 12),
    batchHash: bytes.readBigUInt64LE(at + 16),
    subjectTag: bytes.readBigUInt64LE(at + 24),
    rows: bytes.subarray(at + recordHeaderBytes, at + length),
  }
}

/** All good records from the start of `bytes`, which lies at `base` in the file, and why they end. */
export function decodeRecords(
  bytes: Buffer,
  base: number,
): { records: LocatedRecord[]; next: number; stop: 'end' | 'incomplete' | 'bad' } {
  const records: LocatedRecord[] = []
  let at = 0
  while (at < bytes.length) {
    const record = decodeRecord(bytes, at)
    if (typeof record === 'string') return { records, next: base + at, stop: record }
    const end = at + recordHeaderBytes + record.rows.length
    records.push({ offset: base + at, end: base + end, record })
    at = end
  }
  return { records, next: base + at, stop: 'end' }
}

/** Where the first good record at or after `from` begins, -1 when there is none: how reading goes on behind damage. */
export function findRecord(bytes: Buffer, from: number): number {
  for (let at = from; at + recordHeaderBytes <= bytes.length; at++) {
    if (looksLikeRecord(bytes, at) && typeof decodeRecord(bytes, at) !== 'string') return at
  }
  return -1
}

/** Cheap tests first: rows are text, so a small length or version hardly ever appears inside them and crcs stay few. */
function looksLikeRecord(bytes: Buffer, at: number): boolean {
  const length = bytes.readUInt32LE(at)
  if (length < recordHeaderBytes || length > recordBytesMax || at + length > bytes.length) return false
  const rowVersion = bytes.readUInt16LE(at + 8)
  return rowVersion > 0 && rowVersion < 256
}
