// Reads everything that stands between acceptance and the database, changes nothing, and says of each file whether it is
// whole. It works beside a running server: what is written, renamed or loaded meanwhile is no damage.

import type { FileHandle } from 'node:fs/promises'
import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { columnsByRowVersion } from '../pipeline/row_columns.ts'
import { errorCode, filesIn } from '../spool/files.ts'
import {
  findNextRecord,
  isUnreadable,
  openSegment,
  readSegmentHeader,
  readSlice,
  type SegmentSlice,
} from '../spool/reader.ts'
import { listSegments } from '../spool/recovery.ts'
import { type SegmentName, segmentHeaderBytes } from '../spool/segment.ts'
import { parseManifest, type Range } from './manifest.ts'
import { parseRejects, readText, rejectsFile } from './rejects.ts'

/**
 * `torn`: its end is not whole, as in a segment that is being written or was when its process was killed; nothing of that
 * end was acknowledged. `newer`: of a later Lightfoot. `aside`: known to be damaged, and put aside by an earlier start.
 */
export type FileState = 'whole' | 'torn' | 'newer' | 'aside' | 'damaged'

export type VerifiedFile = {
  /** Below the data directory: `spool/1700000000000-1-4711.seg`. */
  readonly file: string
  readonly state: FileState
  readonly bytes: number
  /** Records of a segment, ranges of a manifest, rows of a reject file. */
  readonly items: number
  /** What is wrong, or what is to be known; never anything of the content. */
  readonly note: string
}

/** Bytes of the segments, which are all that takes time. */
export async function spoolBytes(dataDirectory: string): Promise<number> {
  const spool = join(dataDirectory, 'spool')
  const sizes = await Promise.all((await segmentsIn(spool)).map(({ file }) => sizeOf(join(spool, file))))
  return sizes.reduce((sum, size) => sum + size, 0)
}

/** Segments first, oldest first, then manifests, rejects, and what lies aside. `onBytes` is called as bytes are read. */
export async function* verifySpool(
  dataDirectory: string,
  onBytes: (bytes: number) => void = () => {},
): AsyncGenerator<VerifiedFile> {
  const spool = join(dataDirectory, 'spool')
  for (const name of await segmentsIn(spool)) {
    const verified = await verifySegment(spool, name, onBytes)
    if (verified) yield verified
  }
  yield* verifyManifests(dataDirectory)
  yield* verifyRejects(join(dataDirectory, 'rejects'))
  for (const [folder, pattern] of asideIn) {
    for (const file of (await filesIn(join(dataDirectory, folder))).sort()) {
      if (!pattern.test(file)) continue
      const bytes = await sizeOf(join(dataDirectory, folder, file))
      yield { file: `${folder}/${file}`, state: 'aside', bytes, items: 0, note: 'put aside as damaged' }
    }
  }
}

const asideIn = [
  ['spool/quarantine', /./],
  ['loads', /\.bad$/],
] as const

async function segmentsIn(spool: string): Promise<SegmentName[]> {
  return (await filesIn(spool)).length === 0 ? [] : await listSegments(spool)
}

async function sizeOf(file: string): Promise<number> {
  return (await stat(file).catch(() => ({ size: 0 }))).size
}

/** Undefined when it was loaded and removed meanwhile. */
async function verifySegment(
  spool: string,
  name: SegmentName,
  onBytes: (bytes: number) => void,
): Promise<VerifiedFile | undefined> {
  // It may have been sealed since it was listed.
  const sealed = await openSegment(join(spool, `${name.segment}.seg`))
  const handle = sealed ?? (await openSegment(join(spool, `${name.segment}.open`)))
  if (!handle) return undefined
  const file = `spool/${name.segment}.${sealed ? 'seg' : 'open'}`
  const { size: bytes } = await handle.stat()
  try {
    const found = await readWhole(handle, sealed !== undefined, onBytes)
    return { file, bytes: (await handle.stat()).size, ...found }
  } catch (error) {
    if (!isUnreadable(error)) throw error
    return { file, bytes, state: 'damaged', items: 0, note: `cannot be read (${errorCode(error)})` }
  } finally {
    await handle.close()
  }
}

type Found = Pick<VerifiedFile, 'state' | 'items' | 'note'>

async function readWhole(
  handle: FileHandle,
  isSealed: boolean,
  onBytes: (bytes: number) => void,
): Promise<Found> {
  const header = await readSegmentHeader(handle)
  if (header === 'newer')
    return { state: 'newer', items: 0, note: 'a format that this version does not know' }
  if (header === 'short' && !isSealed)
    return { state: 'torn', items: 0, note: 'begun, and nothing in it yet' }
  const faults = typeof header === 'string' ? ['its header'] : []
  let items = 0
  let isNewer = false
  let at = segmentHeaderBytes
  for (;;) {
    const slice = await readSlice(handle, at, { isSealed })
    items += slice.records.length
    isNewer ||= slice.records.some(({ record }) => !columnsByRowVersion.has(record.rowVersion))
    if (slice.gap) faults.push(`${slice.gap.to - slice.gap.from} bytes from ${slice.gap.from}`)
    const next = slice.state === 'torn' ? await behindTear(handle, slice.next) : slice.next
    onBytes(Math.max(0, (next === 'torn' ? slice.next : next) - at))
    if (next === 'torn') return verdict('torn', items, faults, isNewer)
    // A damaged place in a file that is not sealed.
    if (slice.state === 'torn' && next > slice.next)
      faults.push(`${next - slice.next} bytes from ${slice.next}`)
    at = next
    if (slice.state === 'end') return verdict('whole', items, faults, isNewer)
  }
}

/**
 * Where reading goes on behind a record that is not whole, `torn` when nothing follows it. Records are written in their
 * order: when a good one follows, the one before it is either whole by now or damaged.
 */
async function behindTear(handle: FileHandle, at: number): Promise<number | 'torn'> {
  const following = await findNextRecord(handle, at + 1)
  if (following === -1) return 'torn'
  const again: SegmentSlice = await readSlice(handle, at, { isSealed: false })
  return again.next > at ? at : following
}

function verdict(state: FileState, items: number, faults: readonly string[], isNewer: boolean): Found {
  if (faults.length > 0) return { state: 'damaged', items, note: `damaged: ${faults.join(', ')}` }
  if (isNewer) return { state: 'newer', items, note: 'rows of a version that this one does not know' }
  return { state, items, note: state === 'torn' ? 'its end is not whole' : '' }
}

async function* verifyManifests(dataDirectory: string): AsyncGenerator<VerifiedFile> {
  const directory = join(dataDirectory, 'loads')
  for (const file of (await filesIn(directory)).filter(name => /^\d{10}\.json$/.test(name)).sort()) {
    const text = await readText(join(directory, file))
    if (text === undefined) continue
    const manifest = parseManifest(text)
    const isOwn = manifest !== undefined && `${manifest.load}.json` === file
    const beyond = isOwn ? await rangesBeyond(join(dataDirectory, 'spool'), manifest.ranges) : 0
    const note = !isOwn
      ? 'not a manifest of this number'
      : beyond > 0
        ? `${beyond} ranges lie beyond the end of their segment`
        : ''
    yield {
      file: `loads/${file}`,
      state: note === '' ? 'whole' : 'damaged',
      bytes: Buffer.byteLength(text),
      items: manifest?.ranges.length ?? 0,
      note,
    }
  }
}

/** A segment that is gone was loaded. */
async function rangesBeyond(spool: string, ranges: readonly Range[]): Promise<number> {
  let beyond = 0
  for (const { segment, to } of ranges) {
    const size =
      (await sizeOf(join(spool, `${segment}.seg`))) || (await sizeOf(join(spool, `${segment}.open`)))
    if (size > 0 && to > size) beyond++
  }
  return beyond
}

async function* verifyRejects(directory: string): AsyncGenerator<VerifiedFile> {
  for (const file of (await filesIn(directory)).filter(name => /^\d{10}\.ndjson$/.test(name)).sort()) {
    const load = Number.parseInt(file, 10)
    const text = await readText(rejectsFile(directory, load))
    if (text === undefined) continue
    const found = parseRejects(text)
    const isOwn = found?.load === load
    yield {
      file: `rejects/${file}`,
      state: isOwn ? 'whole' : 'damaged',
      bytes: Buffer.byteLength(text),
      items: found?.rejects.length ?? 0,
      note: isOwn ? 'rows that ClickHouse refused' : 'not a whole file of this load',
    }
  }
}
