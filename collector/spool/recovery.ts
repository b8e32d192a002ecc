// Seals what a process left behind: cuts the torn tail at the last good record, makes the rest durable, renames `.open` to
// `.seg`. Only a segment without a living owner is touched. Damage in the middle is not cut away: the file is sealed as it
// is, and the loader reads around the damage and puts the file into quarantine.

import { open, readdir, unlink } from 'node:fs/promises'
import { join } from 'node:path'
import { unknownBootId } from './boot_id.ts'
import { errorCode, fileOperations, syncDirectory } from './files.ts'
import { isAlive, type Owner } from './owner.ts'
import { findNextRecord, openSegment, readSegmentHeader, readSlice } from './reader.ts'
import { parseSegmentName, type SegmentHeader, type SegmentName, segmentHeaderBytes } from './segment.ts'

/**
 * `empty`: it held no whole record and is removed; `newer`: a format that this version does not know, left alone;
 * `failed`: the disk did not let it, it stays as it is, is read all the same, and is tried again at the next start.
 */
export type SealOutcome =
  | { readonly kind: 'sealed'; readonly cutBytes: number; readonly isDamaged: boolean }
  | { readonly kind: 'empty'; readonly cutBytes: number }
  | { readonly kind: 'newer' }
  | Failed

type Failed = { readonly kind: 'failed'; readonly code: string }

export type Sealed = {
  readonly outcomes: ReadonlyMap<string, SealOutcome>
  /** Segments whose owner still writes; the supervisor ends orphans (owner.ts) and seals again. */
  readonly alive: readonly { readonly segment: string; readonly slot: number; readonly owner: Owner }[]
}

export async function sealSegments({
  directory,
  slot,
}: {
  directory: string
  /** Only segments of this acceptor; all without it. */
  slot?: number
}): Promise<Sealed> {
  const outcomes = new Map<string, SealOutcome>()
  const alive: { segment: string; slot: number; owner: Owner }[] = []
  for (const name of await listSegments(directory)) {
    if (name.isSealed || (slot !== undefined && name.slot !== slot)) continue
    const owner = await orFailed(readOwner(directory, name))
    if (owner === undefined) continue
    if ('kind' in owner) outcomes.set(name.segment, owner)
    else if (isAlive(owner)) alive.push({ segment: name.segment, slot: name.slot, owner })
    else outcomes.set(name.segment, await orFailed(sealSegment(join(directory, name.segment))))
  }
  await syncDirectory(directory)
  return { outcomes, alive }
}

/** One segment that cannot be read or sealed must not keep the others, and the product, from starting. */
async function orFailed<T>(work: Promise<T>): Promise<T | Failed> {
  try {
    return await work
  } catch (error) {
    return { kind: 'failed', code: errorCode(error) || 'unknown error' }
  }
}

/** Segments in the order in which they were created. */
export async function listSegments(directory: string): Promise<SegmentName[]> {
  const names: SegmentName[] = []
  for (const file of await readdir(directory)) {
    const name = parseSegmentName(file)
    if (name) names.push(name)
  }
  return names.sort((a, b) => (a.file < b.file ? -1 : 1))
}

/** A damaged or missing header says nothing of its process: the name still has the pid. */
async function readOwner(directory: string, name: SegmentName): Promise<Owner | undefined> {
  const handle = await openSegment(join(directory, name.file))
  if (!handle) return undefined
  try {
    const header = await readSegmentHeader(handle)
    return typeof header === 'string' ? unknownOwner(name) : ownerOf(header)
  } finally {
    await handle.close()
  }
}

function ownerOf({ pid, processStart, bootId }: SegmentHeader): Owner {
  return { pid, processStart, bootId }
}

function unknownOwner({ pid }: SegmentName): Owner {
  return { pid, processStart: 0, bootId: unknownBootId }
}

/** `path` without extension. The caller syncs the directory. Can be repeated after a crash at any point. */
export async function sealSegment(path: string): Promise<SealOutcome> {
  const file = `${path}.open`
  const handle = await open(file, 'r+')
  try {
    const header = await readSegmentHeader(handle)
    if (header === 'newer') return { kind: 'newer' }
    const { size } = await handle.stat()
    const goodEnd = await readGoodEnd(handle)
    const isDamaged = header === 'damaged' || (await findNextRecord(handle, goodEnd + 1)) !== -1
    if (goodEnd <= segmentHeaderBytes && !isDamaged) {
      await unlink(file)
      return { kind: 'empty', cutBytes: size }
    }
    if (!isDamaged && goodEnd < size) await handle.truncate(goodEnd)
    await handle.datasync()
    await fileOperations.rename(file, `${path}.seg`)
    return { kind: 'sealed', cutBytes: isDamaged ? 0 : size - goodEnd, isDamaged }
  } finally {
    await handle.close()
  }
}

async function readGoodEnd(handle: Awaited<ReturnType<typeof open>>): Promise<number> {
  let at = segmentHeaderBytes
  for (;;) {
    const { next, state } = await readSlice(handle, at, { isSealed: false })
    at = next
    if (state !== 'more') return at
  }
}
