// The segment that is written now, and what becomes of the one before: rolled by size, age and UTC midnight, sealed by
// renaming it. A segment whose write failed is never written again; its tail is cut as after a crash, then it is sealed.

import { errorCode, type FileOperations } from './files.ts'
import { sealSegment } from './recovery.ts'
import { type SegmentHeader, utcDay } from './segment.ts'
import { createSegmentFile, type SegmentFile } from './segment_file.ts'

export type SegmentRoller = {
  /** The segment to write to, opened when there is none or the old one is due. */
  current(): Promise<SegmentFile>
  /** Puts the segment away; sealing goes on beside the next group. */
  roll(how: 'clean' | 'failed'): void
  /** Its age came while nothing was written; the caller rolls it between two groups. */
  isOverdue(): boolean
  opened(): number
  close(): Promise<void>
}

/** Failed segments that could not be sealed either; older ones wait for recovery. */
const unsealedMax = 100
/** Names remembered so that none is used twice: weeks of segments, far longer than manifests speak of them. */
const usedMax = 100_000
const dayMs = 24 * 3600 * 1000

export function createSegmentRoller({
  directory,
  owner,
  now,
  rollBytes,
  rollMs,
  files,
  onOverdue,
}: {
  directory: string
  owner: Omit<SegmentHeader, 'createdMs'>
  now(): number
  rollBytes: number
  rollMs: number
  files: FileOperations
  onOverdue(): void
}): SegmentRoller {
  let segment: SegmentFile | undefined
  let timer: NodeJS.Timeout | undefined
  let isOverdue = false
  let opened = 0
  const used = new Set<number>()
  let unsealed: string[] = []
  const sealing = new Set<Promise<void>>()

  async function current(): Promise<SegmentFile> {
    if (segment && isDue(segment)) roll('clean')
    if (segment) return segment
    const createdMs = now()
    segment = await createSegmentFile(directory, { ...owner, createdMs }, ms => used.has(ms), files)
    opened++
    remember(segment.header.createdMs)
    // A segment rolls by age also when nothing more comes: only a sealed one is removed once it is loaded.
    timer = setTimeout(overdue, Math.min(rollMs, dayMs - (createdMs % dayMs)))
    timer.unref()
    return segment
  }

  function remember(createdMs: number): void {
    used.add(createdMs)
    if (used.size <= usedMax) return
    for (const oldest of used) {
      used.delete(oldest)
      return
    }
  }

  function isDue({ header, durableBytes }: SegmentFile): boolean {
    const ageMs = now() - header.createdMs
    return (
      isOverdue ||
      durableBytes() >= rollBytes ||
      ageMs >= rollMs ||
      utcDay(now()) !== utcDay(header.createdMs)
    )
  }

  function overdue(): void {
    isOverdue = true
    onOverdue()
  }

  function roll(how: 'clean' | 'failed'): void {
    clearTimeout(timer)
    isOverdue = false
    const old = segment
    segment = undefined
    if (!old) return
    const done = putAway(old, how).finally(() => sealing.delete(done))
    sealing.add(done)
  }

  async function putAway(old: SegmentFile, how: 'clean' | 'failed'): Promise<void> {
    await old.close().catch(() => {})
    if (how === 'failed' || !(await isRenamed(old.path))) unsealed.push(old.path)
    await sealFailed()
    await files.syncDirectory(directory).catch(() => {})
  }

  /** Every byte of a clean segment is on the disk already. */
  function isRenamed(path: string): Promise<boolean> {
    return files.rename(`${path}.open`, `${path}.seg`).then(
      () => true,
      () => false,
    )
  }

  /** What cannot be sealed now stays `.open`, is read all the same, and is tried again with the next, or by recovery. */
  async function sealFailed(): Promise<void> {
    const paths = unsealed.slice(-unsealedMax)
    unsealed = []
    for (const path of paths) {
      await sealSegment(path).catch(error => {
        if (errorCode(error) !== 'ENOENT') unsealed.push(path)
      })
    }
  }

  return {
    current,
    roll,
    isOverdue: () => isOverdue,
    opened: () => opened,
    async close() {
      roll('clean')
      await Promise.all(sealing)
    },
  }
}
