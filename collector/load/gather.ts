// Reads what the segments hold beyond what is loaded, oldest segment first, and gathers it into the next load: rows of one
// row version and one day of receipt (one partition, so that the insert is one block), repeats of a batch left out.

import { join } from 'node:path'
import { isDay } from '../pipeline/day.ts'
import { columnsByRowVersion } from '../pipeline/row_columns.ts'
import { errorCode } from '../spool/files.ts'
import { openSegment, readSegmentHeader, readSlice } from '../spool/reader.ts'
import type { LocatedRecord } from '../spool/record_codec.ts'
import { listSegments } from '../spool/recovery.ts'
import { type SegmentName, segmentHeaderBytes } from '../spool/segment.ts'
import type { BatchWindow } from './batch_window.ts'
import { encodeHashes, type Range } from './manifest.ts'
import { createRowBuffer } from './row_buffer.ts'
import { fieldOfFirstRow } from './rows.ts'

/** What the next load is made of so far. */
export type Gathered = {
  readonly received: string
  readonly rowVersion: number
  readonly ranges: readonly Range[]
  /** Its rows as the spool has them; the memory is used again once the gatherer reads on. */
  readonly bytes: Buffer
  readonly rows: number
  /** Events left out as repeats. */
  readonly duplicates: number
  /** When its first record was read, by the steady clock. */
  readonly startedAt: number
  /** Nothing more fits. */
  readonly isFull: boolean
}

type Cursor = {
  at: number
  /** Sealed and read to the end. */
  isFinished: boolean
  isDamaged: boolean
  /** A format or a row version of a newer Lightfoot: left alone. */
  isNewer: boolean
  isHeaderRead: boolean
  /** All that was acknowledged in this segment until then has been read. */
  readUntil: number
  /** The disk did not give it: why, and when it is tried again, by the steady clock. */
  failed: { readonly code: string; readonly retryAt: number } | undefined
}

/** A disk that fails takes its time to say so, and would hold up the others at each reading. */
const retryMs = 30_000

type Building = {
  received: string
  /** The field as it stands in the rows, of which `received` was made. */
  readonly receivedField: string
  rowVersion: number
  ranges: BuildingRange[]
  rows: number
  duplicates: number
  startedAt: number
  isFull: boolean
}
type BuildingRange = { segment: string; from: number; to: number; skipped: number[]; hashes: bigint[] }

export type UnreadableSegment = { readonly segment: string; readonly code: string }

export type Gatherer = {
  /** Continues where the manifests say. */
  restore(progress: ReadonlyMap<string, { loadedTo: number; isDamaged: boolean }>): void
  /** Reads what is new, until the load is full. */
  read(): Promise<void>
  current(): Pick<Gathered, 'rows' | 'startedAt' | 'isFull'> | undefined
  /** All that was acknowledged until then, in whatever segment, has been read. */
  readUntil(): number
  /** Gives the load away; the next one begins. */
  take(): Gathered | undefined
  /** Sealed segments of which everything has been given away. */
  finished(): { segment: string; isDamaged: boolean }[]
  forget(segment: string): void
  /** Segments that only a newer Lightfoot can read. */
  newer(): string[]
  /** Segments that the disk does not give now; they stay, and are tried again. */
  unreadable(): UnreadableSegment[]
}

export function createGatherer({
  directory,
  window,
  now,
  steadyNow,
  maxRows,
  maxBytes,
  open = openSegment,
}: {
  directory: string
  window: BatchWindow
  now(): number
  steadyNow(): number
  maxRows: number
  maxBytes: number
  open?: typeof openSegment
}): Gatherer {
  const cursors = new Map<string, Cursor>()
  const rows = createRowBuffer()
  let building: Building | undefined
  let listedAt = now()

  async function read(): Promise<void> {
    // What a segment holds that is not in this list is acknowledged later than now.
    const listing = now()
    const names = await listSegments(directory)
    forgetMissing(names)
    for (const { segment } of names) cursorOf(segment)
    listedAt = listing
    for (const name of names) {
      if (building?.isFull) return
      await tryReadSegment(name)
    }
  }

  function forgetMissing(names: readonly SegmentName[]): void {
    const existing = new Set(names.map(({ segment }) => segment))
    for (const segment of cursors.keys()) if (!existing.has(segment)) cursors.delete(segment)
  }

  function cursorOf(segment: string): Cursor {
    let cursor = cursors.get(segment)
    if (!cursor) {
      cursor = {
        at: segmentHeaderBytes,
        isFinished: false,
        isDamaged: false,
        isNewer: false,
        isHeaderRead: false,
        // Before it was created it held nothing.
        readUntil: Number(segment.split('-')[0]),
        failed: undefined,
      }
      cursors.set(segment, cursor)
    }
    return cursor
  }

  /** One segment that the disk does not give must not keep the others from being loaded. */
  async function tryReadSegment(name: SegmentName): Promise<void> {
    const cursor = cursorOf(name.segment)
    if (cursor.isNewer || cursor.isFinished || (cursor.failed && steadyNow() < cursor.failed.retryAt)) return
    try {
      await readSegment(name, cursor)
      cursor.failed = undefined
    } catch (error) {
      const code = errorCode(error)
      if (code === '') throw error
      cursor.failed = { code, retryAt: steadyNow() + retryMs }
    }
  }

  async function readSegment(name: SegmentName, cursor: Cursor): Promise<void> {
    const startedAt = now()
    // Between listing and opening it may have been sealed: then it has another name now, and its turn is the next time.
    const handle = await open(join(directory, name.file))
    if (!handle) return
    try {
      if (!cursor.isHeaderRead) {
        const header = await readSegmentHeader(handle)
        if (header === 'short' && !name.isSealed) return
        cursor.isNewer = header === 'newer'
        cursor.isDamaged ||= header === 'damaged' || header === 'short'
        cursor.isHeaderRead = true
        if (cursor.isNewer) return
      }
      if (await readRecords(handle, name, cursor)) cursor.readUntil = startedAt
    } finally {
      await handle.close()
    }
  }

  /** True when it came to the end. A record that is just being written is not acknowledged yet. */
  async function readRecords(
    handle: Parameters<typeof readSlice>[0],
    { segment, createdMs, isSealed }: SegmentName,
    cursor: Cursor,
  ): Promise<boolean> {
    for (;;) {
      const slice = await readSlice(handle, cursor.at, { isSealed })
      for (const located of slice.records) {
        if (!takeRecord(segment, createdMs, located, cursor)) return false
      }
      cursor.at = slice.next
      cursor.isDamaged ||= slice.gap !== undefined
      cursor.isFinished = isSealed && slice.state === 'end'
      if (slice.state !== 'more') return true
    }
  }

  /** False when the record cannot be part of this load; it is the first of a later one. */
  function takeRecord(segment: string, createdMs: number, located: LocatedRecord, cursor: Cursor): boolean {
    const { offset, end, record } = located
    const columns = columnsByRowVersion.get(record.rowVersion)
    if (!columns) {
      cursor.isNewer = true
      return false
    }
    const receivedField = fieldOfFirstRow(record.rows, columns.indexOf('received'))
    building ??= startBuilding(receivedField, record.rowVersion)
    if (building.rowVersion !== record.rowVersion) return false
    if (building.receivedField !== receivedField && building.received !== dayOfReceipt(receivedField))
      return false
    const isTooMuch =
      building.rows + record.rowCount > maxRows || rows.length() + record.rows.length > maxBytes
    if (isTooMuch && building.ranges.length > 0) {
      building.isFull = true
      return false
    }
    const range = rangeAt(building, segment, offset)
    range.to = end
    cursor.at = end
    if (window.add(record.batchHash, createdMs)) {
      range.hashes.push(record.batchHash)
      rows.append(record.rows)
      building.rows += record.rowCount
    } else {
      range.skipped.push(offset)
      building.duplicates += record.rowCount
    }
    return true
  }

  function startBuilding(receivedField: string, rowVersion: number): Building {
    rows.clear()
    return {
      received: dayOfReceipt(receivedField),
      receivedField,
      rowVersion,
      ranges: [],
      rows: 0,
      duplicates: 0,
      startedAt: steadyNow(),
      isFull: false,
    }
  }

  return {
    restore(progress) {
      for (const [segment, { loadedTo, isDamaged }] of progress) {
        const cursor = cursorOf(segment)
        cursor.at = loadedTo
        cursor.isDamaged = isDamaged
      }
    },
    read,
    current: () => building,
    readUntil() {
      const open = [...cursors.values()].filter(({ isFinished, isNewer }) => !isFinished && !isNewer)
      return Math.min(listedAt, ...open.map(({ readUntil }) => readUntil))
    },
    take() {
      const taken = building && gathered(building, rows.bytes())
      building = undefined
      return taken
    },
    finished() {
      const waiting = new Set(building?.ranges.map(({ segment }) => segment))
      return [...cursors]
        .filter(([segment, { isFinished }]) => isFinished && !waiting.has(segment))
        .map(([segment, { isDamaged }]) => ({ segment, isDamaged }))
    },
    forget: segment => cursors.delete(segment),
    unreadable: () =>
      [...cursors].flatMap(([segment, { failed }]) => (failed ? [{ segment, code: failed.code }] : [])),
    newer: () => [...cursors].filter(([, { isNewer }]) => isNewer).map(([segment]) => segment),
  }
}

/**
 * The database is asked for loads by their day. A row without one is refused and set aside, and a crash before that must
 * not leave a question that the database refuses as well, for ever.
 */
function dayOfReceipt(text: string): string {
  return isDay(text) ? text : '1970-01-01'
}

/** Damage that was stepped over ends a range, so that no range ever covers it. */
function rangeAt(building: Building, segment: string, offset: number): BuildingRange {
  const last = building.ranges.findLast(range => range.segment === segment)
  if (last?.to === offset) return last
  const range = { segment, from: offset, to: offset, skipped: [], hashes: [] }
  building.ranges.push(range)
  return range
}

function gathered({ receivedField: _, ranges, ...rest }: Building, bytes: Buffer): Gathered {
  const encoded = ranges.map(range => ({ ...range, hashes: encodeHashes(range.hashes) }))
  return { ...rest, bytes, ranges: encoded }
}
