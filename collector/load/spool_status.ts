// What lies in the data directory between acceptance and the database: for `lightfoot spool status`. Reads files only, so
// it is the same with and without a running server, and needs no database.

import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { openSegment, readSegmentHeader, readSlice } from '../spool/reader.ts'
import { listSegments } from '../spool/recovery.ts'
import { type SegmentName, segmentHeaderBytes } from '../spool/segment.ts'
import { filesIn } from './consumed.ts'
import { type Manifest, parseManifest, progressOf } from './manifest.ts'

export type SpoolStatus = {
  readonly segments: number
  readonly bytes: number
  /** Records in the segments, loaded ones that are not yet removed included. */
  readonly records: number
  /** Events acknowledged and not yet in a load. */
  readonly waitingEvents: number
  /** Age of the oldest segment with something that waits, 0 when nothing does. */
  readonly oldestWaitingMs: number
  /** Segments whose format only a newer Lightfoot reads. */
  readonly newerSegments: readonly string[]
  /** Damaged segments, put aside after what could be read of them was loaded. */
  readonly quarantined: readonly string[]
  /** Files of refused rows, and the rows in them. */
  readonly rejects: readonly { readonly file: string; readonly rows: number }[]
}

type SegmentStatus = { isNewer: boolean; bytes: number; records: number; waitingEvents: number }

export async function spoolStatus(dataDirectory: string, now: number): Promise<SpoolStatus> {
  const spool = join(dataDirectory, 'spool')
  const progress = progressOf(await manifestsIn(join(dataDirectory, 'loads')), segmentHeaderBytes)
  const names = (await filesIn(spool)).length === 0 ? [] : await listSegments(spool)
  const newerSegments: string[] = []
  let [segments, bytes, records, waitingEvents] = [0, 0, 0, 0]
  let oldestMs = now
  for (const name of names) {
    const status = await segmentStatus(spool, name, progress.get(name.segment)?.loadedTo ?? 0)
    // Loaded and removed while we looked.
    if (!status) continue
    segments++
    bytes += status.bytes
    records += status.records
    waitingEvents += status.waitingEvents
    if (status.isNewer) newerSegments.push(name.segment)
    if (status.waitingEvents > 0) oldestMs = Math.min(oldestMs, name.createdMs)
  }
  return {
    segments,
    bytes,
    records,
    waitingEvents,
    oldestWaitingMs: now - oldestMs,
    newerSegments,
    quarantined: await filesIn(join(spool, 'quarantine')),
    rejects: await rejectsIn(join(dataDirectory, 'rejects')),
  }
}

async function segmentStatus(
  directory: string,
  { file, isSealed }: SegmentName,
  loadedTo: number,
): Promise<SegmentStatus | undefined> {
  const handle = await openSegment(join(directory, file))
  if (!handle) return undefined
  try {
    const { size } = await handle.stat()
    const status = { isNewer: false, bytes: size, records: 0, waitingEvents: 0 }
    if ((await readSegmentHeader(handle)) === 'newer') return { ...status, isNewer: true }
    for (let at = 0; ; ) {
      const slice = await readSlice(handle, at, { isSealed })
      for (const { offset, record } of slice.records) {
        status.records++
        if (offset >= loadedTo) status.waitingEvents += record.rowCount
      }
      at = slice.next
      if (slice.state !== 'more') return status
    }
  } finally {
    await handle.close()
  }
}

/** Only looks, unlike the loader, which puts a bad one aside. */
async function manifestsIn(directory: string): Promise<Manifest[]> {
  const manifests: Manifest[] = []
  for (const file of (await filesIn(directory)).sort()) {
    if (!/^\d{10}\.json$/.test(file)) continue
    const manifest = parseManifest(await readFile(join(directory, file), 'utf8').catch(() => ''))
    if (manifest) manifests.push(manifest)
  }
  return manifests
}

async function rejectsIn(directory: string): Promise<{ file: string; rows: number }[]> {
  const rejects: { file: string; rows: number }[] = []
  for (const file of (await filesIn(directory)).sort()) {
    if (!file.endsWith('.ndjson')) continue
    const lines = (await readFile(join(directory, file), 'utf8')).split('\n')
    // The first line says what they are, and the last one ends the file.
    rejects.push({ file, rows: Math.max(0, lines.length - 2) })
  }
  return rejects
}
