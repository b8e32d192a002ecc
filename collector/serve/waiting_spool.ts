// What waits in the data directory: segments not yet loaded, damaged ones put aside, rows that ClickHouse refused. Read
// from the file system alone, so it is the same with and without a running server.

import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { listSegments } from '../spool/recovery.ts'

export type WaitingSpool = {
  readonly segments: number
  readonly bytes: number
  /** Age of the oldest segment that is not yet loaded to its end; 0 when there is none. */
  readonly oldestSeconds: number
  readonly quarantined: number
  /** Files of refused rows. */
  readonly rejects: number
}

export async function waitingSpool(dataDirectory: string, now: number): Promise<WaitingSpool> {
  const directory = join(dataDirectory, 'spool')
  const segments = await listSegments(directory).catch(() => [])
  const sizes = await Promise.all(segments.map(({ file }) => sizeOf(join(directory, file))))
  const oldest = Math.min(...segments.map(({ createdMs }) => createdMs))
  return {
    segments: segments.length,
    bytes: sizes.reduce((sum, size) => sum + size, 0),
    oldestSeconds: segments.length === 0 ? 0 : Math.max(0, Math.round((now - oldest) / 1000)),
    quarantined: await countFiles(join(directory, 'quarantine')),
    rejects: await countFiles(join(dataDirectory, 'rejects')),
  }
}

/** A segment may be loaded and gone in the meantime. */
async function sizeOf(file: string): Promise<number> {
  return (await stat(file).catch(() => ({ size: 0 }))).size
}

async function countFiles(directory: string): Promise<number> {
  return (await readdir(directory).catch(() => [])).length
}
