// One segment while it is written: created with its directory entry durable, appended to in groups, sealed by renaming.

import { access } from 'node:fs/promises'
import { join } from 'node:path'
import { errorCode, type FileOperations, type SegmentHandle } from './files.ts'
import { encodeSegmentHeader, type SegmentHeader, segmentHeaderBytes, segmentName } from './segment.ts'

export type SegmentFile = {
  readonly header: SegmentHeader
  /** Without extension. */
  readonly path: string
  /** Bytes known to be on the disk; 0 until the first group is. */
  durableBytes(): number
  /** One write, durable when it returns. Once it throws, the segment is never written again. */
  write(buffers: readonly Buffer[], bytes: number): Promise<void>
  close(): Promise<void>
}

/** Tries for a free name. */
const namesMax = 1000

/**
 * `isUsed`: a name stands for its bytes for ever, also when the file is loaded and gone, because manifests go on speaking
 * of it. Two segments may fall into one millisecond, and a clock that is set back comes by again.
 */
export async function createSegmentFile(
  directory: string,
  header: SegmentHeader,
  isUsed: (createdMs: number) => boolean,
  files: FileOperations,
): Promise<SegmentFile> {
  for (let createdMs = header.createdMs; ; createdMs++) {
    if (isUsed(createdMs)) continue
    const path = join(directory, segmentName(createdMs, header.slot, header.pid))
    try {
      // Sealing renames, and a rename would overwrite.
      if (await exists(`${path}.seg`)) continue
      const handle = await files.create(`${path}.open`)
      return await withDurableEntry(directory, path, { ...header, createdMs }, handle, files)
    } catch (error) {
      if (errorCode(error) !== 'EEXIST' || createdMs - header.createdMs >= namesMax) throw error
    }
  }
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  )
}

async function withDurableEntry(
  directory: string,
  path: string,
  header: SegmentHeader,
  handle: SegmentHandle,
  files: FileOperations,
): Promise<SegmentFile> {
  try {
    await files.syncDirectory(directory)
  } catch (error) {
    await handle.close().catch(() => {})
    await files.remove(`${path}.open`).catch(() => {})
    throw error
  }
  let durableBytes = 0
  return {
    header,
    path,
    durableBytes: () => durableBytes,
    // The header travels with the first group, so an empty file never had anything acknowledged.
    async write(buffers, bytes) {
      const isFirst = durableBytes === 0
      const all = isFirst ? [encodeSegmentHeader(header), ...buffers] : buffers
      const total = isFirst ? bytes + segmentHeaderBytes : bytes
      await writeAll(handle, all, total)
      durableBytes += total
    },
    close: () => handle.close(),
  }
}

/** A disk that fills up takes the first part of a write and says so only at the next one. */
async function writeAll(handle: SegmentHandle, buffers: readonly Buffer[], bytes: number): Promise<void> {
  const written = await handle.write(buffers)
  if (written === bytes) return
  let rest = Buffer.concat(buffers).subarray(written)
  while (rest.length > 0) {
    const more = await handle.write([rest])
    if (more === 0) throw Object.assign(new Error('nothing could be written'), { code: 'ENOSPC' })
    rest = rest.subarray(more)
  }
}
