// What can still be read of a load that the database has lost, as a segment of its own, so that it is loaded like any other.
// For loads that later ones follow: those have gone on in the same segments, so the gatherer does not come by again.

import { join } from 'node:path'
import { readBootId } from '../spool/boot_id.ts'
import { writeFileDurably } from '../spool/files.ts'
import { isUnreadable, openSegment, readSlice } from '../spool/reader.ts'
import { encodeRecord, type LocatedRecord } from '../spool/record_codec.ts'
import { createdMsOf, encodeSegmentHeader, segmentName } from '../spool/segment.ts'
import { encodeHashes, type Manifest, type Range } from './manifest.ts'

/** Gives the ranges that were read. May be repeated until the manifest says so: the file's name is made from the load. */
export async function putBack({ load, ranges }: Manifest, spoolDirectory: string): Promise<Range[]> {
  const records: Buffer[] = []
  const read: Range[] = []
  for (const range of ranges) {
    for (const piece of await readPieces(spoolDirectory, range)) {
      // Without a batch id: their own hashes are remembered already, and they would be taken for repeats.
      records.push(...piece.taken.map(({ record }) => encodeRecord({ ...record, batchHash: 0n })))
      read.push(piece.range)
    }
  }
  if (records.length > 0) {
    // As in a replay, the load's number stands where other segments have the process.
    const createdMs = Math.min(...ranges.map(({ segment }) => createdMsOf(segment)))
    const header = encodeSegmentHeader({
      slot: 0,
      pid: load,
      processStart: 0,
      bootId: readBootId(),
      createdMs,
    })
    const file = join(spoolDirectory, `${segmentName(createdMs, 0, load)}.seg`)
    await writeFileDurably(file, Buffer.concat([header, ...records]))
  }
  return read
}

type Piece = { readonly range: Range; readonly taken: readonly LocatedRecord[] }

/** Damage, and what the disk does not give, ends a piece. */
async function readPieces(directory: string, range: Range): Promise<Piece[]> {
  const path = join(directory, range.segment)
  const handle = (await openSegment(`${path}.seg`)) ?? (await openSegment(`${path}.open`))
  if (!handle) return []
  const pieces: Piece[] = []
  try {
    for (let at = range.from; at < range.to; ) {
      const { records, next, state } = await readSlice(handle, at, { isSealed: true })
      const inside = records.filter(({ end }) => end <= range.to)
      if (inside.length > 0) pieces.push(pieceOf(range, at, inside))
      if (state === 'end') break
      at = next
    }
  } catch (error) {
    if (!isUnreadable(error)) throw error
  } finally {
    await handle.close()
  }
  return pieces
}

function pieceOf({ segment, skipped }: Range, from: number, inside: readonly LocatedRecord[]): Piece {
  const left = new Set(skipped)
  const taken = inside.filter(({ offset }) => !left.has(offset))
  const to = inside.at(-1)?.end ?? from
  const skippedHere = skipped.filter(offset => offset >= from && offset < to)
  const hashes = encodeHashes(taken.map(({ record }) => record.batchHash))
  return { range: { segment, from, to, skipped: skippedHere, hashes }, taken }
}
