// What lies in the data directory between acceptance and the database: bytes that no load holds yet, damaged segments put
// aside, rows that ClickHouse refused. From sizes and manifests alone, reading no segment and changing nothing: it is asked
// with every scrape of /metrics, however much waits, and is the same with and without a running server.

import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { errorCode, filesIn } from '../spool/files.ts'
import { openSegment, readSegmentHeader } from '../spool/reader.ts'
import { listSegments } from '../spool/recovery.ts'
import { segmentHeaderBytes } from '../spool/segment.ts'
import { readConfirmed } from './confirmed.ts'
import type { UnreadableSegment } from './gather.ts'
import { type Manifest, parseManifest, progressOf } from './manifest.ts'
import { summariseRejects } from './rejects.ts'

export type SpoolStatus = {
  /** Segments that hold something not yet loaded. */
  readonly segments: number
  readonly bytes: number
  /** Since the oldest of them was begun; 0 when nothing waits. */
  readonly oldestSeconds: number
  /** Damaged segments, put aside after what could be read of them was loaded. */
  readonly quarantined: number
  /** Files of refused rows, a load each. */
  readonly rejects: number
  readonly rejectedRows: number
  /** The database's reason for the newest of them, without data; '' when there are none. */
  readonly rejectReason: string
}

export async function spoolStatus(dataDirectory: string, now: number): Promise<SpoolStatus> {
  const spool = join(dataDirectory, 'spool')
  // Segments first: one that is loaded in between then counts as waiting once more, not as lost.
  const segments = (await filesIn(spool)).length === 0 ? [] : await listSegments(spool)
  const sizes = await Promise.all(segments.map(({ file }) => sizeOf(join(spool, file))))
  const progress = progressOf(await loadedManifests(join(dataDirectory, 'loads')), segmentHeaderBytes)
  const waiting = segments
    .map(({ segment, createdMs }, index) => ({
      createdMs,
      bytes: (sizes[index] ?? 0) - (progress.get(segment)?.loadedTo ?? segmentHeaderBytes),
    }))
    .filter(({ bytes }) => bytes > 0)
  const rejects = await summariseRejects(join(dataDirectory, 'rejects'))
  const oldestMs = Math.min(now, ...waiting.map(({ createdMs }) => createdMs))
  return {
    segments: waiting.length,
    bytes: waiting.reduce((sum, { bytes }) => sum + bytes, 0),
    oldestSeconds: Math.round((now - oldestMs) / 1000),
    quarantined: (await filesIn(join(spool, 'quarantine'))).length,
    rejects: rejects.files,
    rejectedRows: rejects.rows,
    rejectReason: rejects.reason,
  }
}

/**
 * Segments that cannot be opened and read at their beginning, with the system's reason. Opens each, so it is for a person who
 * asks; one that fails further on only the loader and `spool verify` come to know.
 */
export async function unreadableSegments(dataDirectory: string): Promise<UnreadableSegment[]> {
  const spool = join(dataDirectory, 'spool')
  const segments = (await filesIn(spool)).length === 0 ? [] : await listSegments(spool)
  const unreadable: UnreadableSegment[] = []
  for (const { segment, file } of segments) {
    try {
      const handle = await openSegment(join(spool, file))
      if (handle) await readSegmentHeader(handle).finally(() => handle.close())
    } catch (error) {
      unreadable.push({ segment, code: errorCode(error) })
    }
  }
  return unreadable
}

/** 0 for a segment that was loaded and removed while we looked. */
async function sizeOf(file: string): Promise<number> {
  return (await stat(file).catch(() => ({ size: 0 }))).size
}

/**
 * A manifest is there before its insert: while the database is away it says of rows that wait that they are in. Only looks,
 * unlike the loader, which puts a bad one aside.
 */
async function loadedManifests(directory: string): Promise<Manifest[]> {
  const confirmed = await readConfirmed(directory)
  const files = (await filesIn(directory)).filter(file => /^\d{10}\.json$/.test(file)).sort()
  const texts = await Promise.all(files.map(file => readFile(join(directory, file), 'utf8').catch(() => '')))
  return texts
    .map(parseManifest)
    .filter(manifest => manifest !== undefined)
    .filter(({ load, rows }) => rows === 0 || load <= confirmed.load)
}
