// Reads a segment from an offset, a slice at a time. In a live file the first record that is not whole ends the reading:
// it is being written. A sealed file was cut at its last good record, so there anything that is not a record is damage:
// it is stepped over, reported, and what comes after it is still read, because it was acknowledged.

import { type FileHandle, open } from 'node:fs/promises'
import { errorCode } from './files.ts'
import { decodeRecords, findRecord, type LocatedRecord, recordBytesMax } from './record_codec.ts'
import { decodeSegmentHeader, type SegmentHeader, segmentHeaderBytes } from './segment.ts'

export type Gap = { readonly from: number; readonly to: number }

export type SegmentSlice = {
  readonly records: readonly LocatedRecord[]
  /** Where the next slice begins. */
  readonly next: number
  /** Damage stepped over behind the records of this slice. */
  readonly gap: Gap | undefined
  /** `more`: go on at `next`. `end`: all is read. `torn`: a record that is not whole; in a live file it may become so. */
  readonly state: 'more' | 'end' | 'torn'
}

/** A slice must hold the largest record, so that reading always advances. */
export const sliceBytesDefault = 4 * 1024 * 1024

/** Undefined when there is no such file (any more). */
export async function openSegment(path: string): Promise<FileHandle | undefined> {
  try {
    return await open(path, 'r')
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined
    throw error
  }
}

/**
 * The disk does not give this file (a bad sector, a folder of that name): others may be whole. Not so where the process has
 * no memory or no descriptor left.
 */
export function isUnreadable(error: unknown): boolean {
  return ['EIO', 'EISDIR', 'EACCES', 'EPERM', 'EBADMSG', 'EUCLEAN', 'ESTALE'].includes(errorCode(error))
}

export async function readSegmentHeader(
  handle: FileHandle,
): Promise<SegmentHeader | 'short' | 'newer' | 'damaged'> {
  return decodeSegmentHeader(await readAt(handle, 0, segmentHeaderBytes))
}

/** `from` is an offset that a slice before gave as `next`, or anything up to the end of the header. */
export async function readSlice(
  handle: FileHandle,
  from: number,
  { isSealed, sliceBytes = sliceBytesDefault }: { isSealed: boolean; sliceBytes?: number },
): Promise<SegmentSlice> {
  const start = Math.max(from, segmentHeaderBytes)
  const { size } = await handle.stat()
  if (size <= start) return { records: [], next: start, gap: undefined, state: 'end' }
  const bytes = await readAt(handle, start, Math.min(size - start, Math.max(sliceBytes, recordBytesMax)))
  const { records, next, stop } = decodeRecords(bytes, start)
  const isWholeRest = start + bytes.length >= size
  if (stop === 'end') return { records, next, gap: undefined, state: isWholeRest ? 'end' : 'more' }
  if (stop === 'incomplete' && !isWholeRest) return { records, next, gap: undefined, state: 'more' }
  if (!isSealed) return { records, next, gap: undefined, state: 'torn' }
  const resumeAt = await findNextRecord(handle, next + 1)
  if (resumeAt !== -1) return { records, next: resumeAt, gap: { from: next, to: resumeAt }, state: 'more' }
  return { records, next: size, gap: { from: next, to: size }, state: 'end' }
}

/** Reads the rest of the file at once: damage is rare, and a segment is bounded by the size at which it rolls. */
export async function findNextRecord(handle: FileHandle, from: number): Promise<number> {
  const { size } = await handle.stat()
  if (size <= from) return -1
  const at = findRecord(await readAt(handle, from, size - from), 0)
  return at === -1 ? -1 : from + at
}

async function readAt(handle: FileHandle, from: number, length: number): Promise<Buffer> {
  const bytes = Buffer.allocUnsafe(length)
  let filled = 0
  while (filled < length) {
    const { bytesRead } = await handle.read(bytes, filled, length - filled, from + filled)
    if (bytesRead === 0) break
    filled += bytesRead
  }
  return bytes.subarray(0, filled)
}
