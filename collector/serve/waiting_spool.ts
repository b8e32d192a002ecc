// What waits in the data directory: bytes of segments that no load holds yet, damaged segments put aside, rows that
// ClickHouse refused. Read from the files alone and changing none, so it is the same with and without a running server.

import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { type Manifest, parseManifest, progressOf } from '../load/manifest.ts'
import { listSegments } from '../spool/recovery.ts'
import { type SegmentName, segmentHeaderBytes } from '../spool/segment.ts'

export type WaitingSpool = {
  /** Segments that hold something not yet loaded. */
  readonly segments: number
  readonly bytes: number
  /** Since the oldest of them was begun; 0 when nothing waits. */
  readonly oldestSeconds: number
  readonly quarantined: number
  /** Files of refused rows. */
  readonly rejects: number
}

export async function waitingSpool(dataDirectory: string, now: number): Promise<WaitingSpool> {
  const directory = join(dataDirectory, 'spool')
  // Segments first: one that is loaded in between then counts as waiting once more, not as lost.
  const segments = await listSegments(directory).catch(() => [])
  const sizes = await Promise.all(segments.map(({ file }) => sizeOf(join(directory, file))))
  const loaded = progressOf(await manifestsIn(join(dataDirectory, 'loads')), segmentHeaderBytes)
  const waiting = segments
    .map((segment, index) => ({
      segment,
      bytes: (sizes[index] ?? 0) - (loaded.get(segment.segment)?.loadedTo ?? segmentHeaderBytes),
    }))
    .filter(({ bytes }) => bytes > 0)
  return {
    segments: waiting.length,
    bytes: waiting.reduce((sum, { bytes }) => sum + bytes, 0),
    oldestSeconds: oldestSeconds(
      waiting.map(({ segment }) => segment),
      now,
    ),
    quarantined: await countFiles(join(directory, 'quarantine')),
    rejects: await countFiles(join(dataDirectory, 'rejects')),
  }
}

function oldestSeconds(segments: readonly SegmentName[], now: number): number {
  if (segments.length === 0) return 0
  const oldest = Math.min(...segments.map(({ createdMs }) => createdMs))
  return Math.max(0, Math.round((now - oldest) / 1000))
}

/** Not `readManifests`, which puts bad ones aside: that is the loader's business. */
async function manifestsIn(directory: string): Promise<Manifest[]> {
  const files = (await readdir(directory).catch(() => [])).filter(file => file.endsWith('.json')).sort()
  const read = await Promise.all(files.map(file => readFile(join(directory, file), 'utf8').catch(() => '')))
  return read.map(parseManifest).filter(manifest => manifest !== undefined)
}

/** A segment may be loaded and gone in the meantime. */
async function sizeOf(file: string): Promise<number> {
  return (await stat(file).catch(() => ({ size: 0 }))).size
}

async function countFiles(directory: string): Promise<number> {
  return (await readdir(directory).catch(() => [])).length
}
