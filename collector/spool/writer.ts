// Appends records durably, with natural group commit: one write that ends on the disk serves all appends that wait, and
// while the disk works the next group gathers. So a lone append pays for one such write, and under load hundreds share it.
//
// After a failed write nobody knows what is on the disk (Linux marks the pages clean and forgets them), so
// those appends are rejected and the segment is never written again: the next append opens a new one.

import { mkdir } from 'node:fs/promises'
import { dirname } from 'node:path'
import { type FileOperations, fileOperations, syncDirectory } from './files.ts'
import { createBlocks, type Group, startGroup } from './group.ts'
import { processStart } from './owner.ts'
import type { NewRecord } from './record.ts'
import { recordBytes, recordBytesMax } from './record_codec.ts'
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
  append(record: NewRecord): Promise<void>
  /** Would an append have a chance now? */
  isReady(): boolean
  /** Commits what waits, then seals the segment. */
  close(): Promise<void>
  stats(): SpoolWriterStats
}

export type SpoolWriterStats = {
  readonly records: number
  readonly bytes: number
  /** Groups committed: each is one durable write. */
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

  const blocks = createBlocks()
  /** What waits for the disk; records come into the last. */
  const groups: Group[] = []
  let waitingRecords = 0
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

  function append(record: NewRecord): Promise<void> {
    const size = recordBytes(record)
    const refused = refusal(size)
    if (refused) {
      counts.rejected++
      return Promise.reject(refused)
    }
    waitingRecords++
    waitingBytes += size
    const group = groupFor(size)
    group.add(record, size)
    commitSoon()
    return group.durable
  }

  function groupFor(size: number): Group {
    const last = groups.at(-1)
    if (last !== undefined && last.bytes + size <= groupBytesMax) return last
    const group = startGroup(blocks)
    groups.push(group)
    return group
  }

  function commitSoon(): void {
    if (isCommitting) return
    isCommitting = true
    committed = commitAll()
  }

  async function commitAll(): Promise<void> {
    // The requests of one turn of the event loop share a group. Otherwise the first of them would have the disk for itself,
    // and all others would wait for it twice.
    await endOfTurn()
    for (let group = groups.shift(); group !== undefined; group = groups.shift()) {
      waitingRecords -= group.records
      try {
        const segment = await roller.current()
        await segment.write(group.buffers(), group.bytes)
        acknowledge(group)
      } catch (error) {
        rejectGroup(group, writeError(error))
      }
      waitingBytes -= group.bytes
    }
    if (roller.isOverdue()) roller.roll('clean')
    isCommitting = false
  }

  function acknowledge(group: Group): void {
    failuresInRow = 0
    pauseCause = undefined
    counts.groups++
    counts.records += group.records
    counts.bytes += group.bytes
    counts.largestGroup = Math.max(counts.largestGroup, group.records)
    onGroup?.(group.records)
    group.end()
  }

  function rejectGroup(group: Group, error: SpoolError): void {
    failuresInRow++
    counts.failedGroups++
    counts.rejected += group.records
    if (failuresInRow > 1) {
      pauseCause = error
      pausedUntil = steadyNow() + Math.min(pauseMsMax, 50 * 2 ** (failuresInRow - 1))
    }
    roller.roll('failed')
    group.end(error)
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
      waitingRecords,
      waitingBytes,
    }),
  }
}

function endOfTurn(): Promise<void> {
  return new Promise(resolve => {
    setImmediate(resolve)
  })
}
