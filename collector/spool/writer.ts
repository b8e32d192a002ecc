// Appends records durably, with natural group commit: one writev and one fdatasync serve all appends that wait, and while
// the disk works the next group gathers. So a lone append pays for one fdatasync, and under load hundreds share it.
//
// After a failed write or fdatasync nobody knows what is on the disk (Linux marks the pages clean and forgets them), so
// those appends are rejected and the segment is never written again: the next append opens a new one.

import { mkdir } from 'node:fs/promises'
import { dirname } from 'node:path'
import { type FileOperations, fileOperations, syncDirectory } from './files.ts'
import { processStart } from './owner.ts'
import type { SpoolRecord } from './record.ts'
import { encodeRecord, recordBytes, recordBytesMax } from './record_codec.ts'
import { createSegmentRoller } from './segment_roller.ts'
import { SpoolError, writeError } from './spool_error.ts'

export type SpoolWriterOptions = {
  readonly directory: string
  readonly slot: number
  readonly pid: number
  readonly bootId: string
  now(): number
  /** Milliseconds of a clock that nobody sets, for the pause after failures. */
  steadyNow?(): number
  readonly rollBytes?: number
  readonly rollMs?: number
  /** Is there room for so many more bytes? See quota.ts. */
  allow?(bytes: number): boolean
  /** One group is durable: for the size of groups in the metrics. */
  onGroup?(records: number): void
  readonly files?: FileOperations
}

export type SpoolWriter = {
  /** Resolves once the record is on the disk; rejects with a SpoolError. */
  append(record: SpoolRecord): Promise<void>
  /** Would an append have a chance now? */
  isReady(): boolean
  /** Commits what waits, then seals the segment. */
  close(): Promise<void>
  stats(): SpoolWriterStats
}

export type SpoolWriterStats = {
  readonly records: number
  readonly bytes: number
  /** Groups committed: each is one fdatasync. */
  readonly groups: number
  readonly largestGroup: number
  /** Records rejected. */
  readonly rejected: number
  readonly failedGroups: number
  readonly segmentsOpened: number
  readonly waitingRecords: number
  readonly waitingBytes: number
}

/** What may wait for the disk: at 64 KiB a batch, 500 of the largest. Past it appends are refused as `spool_busy`. */
export const waitingBytesMax = 32 * 1024 * 1024
/** Keeps one group's time on the disk bounded. */
const groupBytesMax = 8 * 1024 * 1024
/** After the second failure in a row the disk is left alone for 100 ms, then for twice as long, up to this. */
const pauseMsMax = 1000

type Waiting = { readonly bytes: Buffer; resolve(): void; reject(error: SpoolError): void }

export async function openSpoolWriter(options: SpoolWriterOptions): Promise<SpoolWriter> {
  const { directory, slot, pid, bootId, now, allow = () => true, onGroup, files = fileOperations } = options
  const { steadyNow = now, rollBytes = 64 * 1024 * 1024, rollMs = 60_000 } = options
  await mkdir(directory, { recursive: true, mode: 0o700 })
  await syncDirectory(dirname(directory))
  const owner = { slot, pid, bootId, processStart: Math.max(0, processStart(pid)) }
  const roller = createSegmentRoller({
    directory,
    owner,
    now,
    rollBytes,
    rollMs,
    files,
    onOverdue: commitSoon,
  })

  let waiting: Waiting[] = []
  let waitingBytes = 0
  let isCommitting = false
  let committed: Promise<void> = Promise.resolve()
  let failuresInRow = 0
  let pausedUntil = 0
  let pauseCause: SpoolError | undefined
  let isClosed = false
  const counts = { records: 0, bytes: 0, groups: 0, largestGroup: 0, rejected: 0, failedGroups: 0 }

  function refusal(bytes: number): SpoolError | undefined {
    if (isClosed) return new SpoolError('spool_closed', 'the spool is closing')
    if (bytes > recordBytesMax) return new SpoolError('record_too_large', `a record of ${bytes} bytes`)
    if (waitingBytes + bytes > waitingBytesMax)
      return new SpoolError('spool_busy', 'too much waits for the disk')
    if (pauseCause && steadyNow() < pausedUntil) return pauseCause
    if (!allow(bytes)) return new SpoolError('spool_full', 'the quota of the spool is used up')
    return undefined
  }

  function append(record: SpoolRecord): Promise<void> {
    const size = recordBytes(record)
    const refused = refusal(size)
    if (refused) {
      counts.rejected++
      return Promise.reject(refused)
    }
    const bytes = encodeRecord(record)
    return new Promise((resolve, reject) => {
      waiting.push({ bytes, resolve, reject })
      waitingBytes += size
      commitSoon()
    })
  }

  function commitSoon(): void {
    if (isCommitting) return
    isCommitting = true
    committed = commitAll()
  }

  async function commitAll(): Promise<void> {
    while (waiting.length > 0) {
      const group = takeGroup()
      const buffers = group.map(({ bytes }) => bytes)
      const bytes = buffers.reduce((sum, { length }) => sum + length, 0)
      try {
        const segment = await roller.current()
        await segment.write(buffers, bytes)
        acknowledge(group, bytes)
      } catch (error) {
        rejectGroup(group, writeError(error))
      }
      waitingBytes -= bytes
    }
    if (roller.isOverdue()) roller.roll('clean')
    isCommitting = false
  }

  function takeGroup(): Waiting[] {
    let bytes = 0
    let count = 0
    while (count < waiting.length) {
      bytes += waiting[count]?.bytes.length ?? 0
      if (count > 0 && bytes > groupBytesMax) break
      count++
    }
    const group = waiting.slice(0, count)
    waiting = waiting.slice(count)
    return group
  }

  function acknowledge(group: readonly Waiting[], bytes: number): void {
    failuresInRow = 0
    pauseCause = undefined
    counts.groups++
    counts.records += group.length
    counts.bytes += bytes
    counts.largestGroup = Math.max(counts.largestGroup, group.length)
    onGroup?.(group.length)
    for (const { resolve } of group) resolve()
  }

  function rejectGroup(group: readonly Waiting[], error: SpoolError): void {
    failuresInRow++
    counts.failedGroups++
    counts.rejected += group.length
    if (failuresInRow > 1) {
      pauseCause = error
      pausedUntil = steadyNow() + Math.min(pauseMsMax, 50 * 2 ** (failuresInRow - 1))
    }
    roller.roll('failed')
    for (const { reject } of group) reject(error)
  }

  return {
    append,
    isReady: () => refusal(0) === undefined,
    async close() {
      isClosed = true
      await committed
      await roller.close()
    },
    stats: () => ({
      ...counts,
      segmentsOpened: roller.opened(),
      waitingRecords: waiting.length,
      waitingBytes,
    }),
  }
}
