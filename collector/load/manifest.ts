// The manifest of a load says which bytes of which segments it is made of. It is on the disk before the insert, so after
// any crash the same load can be counted in the database, and made again byte for byte if it is not there. All manifests
// together say how far each segment is loaded. `loads/1000000042.json`.

import { mkdir, readdir, readFile, rename, unlink } from 'node:fs/promises'
import { join } from 'node:path'
import { writeFileDurably } from '../spool/files.ts'

export type Range = {
  readonly segment: string
  readonly from: number
  readonly to: number
  /** Offsets of records left out: repeats of a batch. */
  readonly skipped: readonly number[]
  /** Batch hashes of the records taken, 64 bits each, little endian, base64: the memory of repeats outlives a restart. */
  readonly hashes: string
}

export type Manifest = {
  readonly load: number
  /** UTC day of receipt: the one partition that the load goes into. */
  readonly received: string
  readonly rowVersion: number
  readonly ranges: readonly Range[]
  /** Rows inserted, and the crc of their bytes. */
  readonly rows: number
  readonly crc32: number
  /** Site-local days whose rollups change. */
  readonly days: readonly string[]
  /** Numbers of the rows that ClickHouse refused, among all rows of the ranges; they are in rejects/. */
  readonly rejected: readonly number[]
  /** Boot of the machine under which it was made. */
  readonly bootId: string
}

export function manifestFile(load: number): string {
  return `${load}.json`
}

export async function writeManifest(directory: string, manifest: Manifest): Promise<void> {
  await writeFileDurably(join(directory, manifestFile(manifest.load)), `${JSON.stringify(manifest)}\n`)
}

export async function removeManifest(directory: string, load: number): Promise<void> {
  await unlink(join(directory, manifestFile(load)))
}

/** In order of their numbers. One that cannot be read is put aside as `.bad`: its ranges count as not loaded. */
export async function readManifests(directory: string): Promise<{ manifests: Manifest[]; bad: string[] }> {
  await mkdir(directory, { recursive: true, mode: 0o700 })
  const manifests: Manifest[] = []
  const bad: string[] = []
  for (const file of (await readdir(directory)).sort()) {
    if (!/^\d{10}\.json$/.test(file)) continue
    const manifest = parseManifest(await readFile(join(directory, file), 'utf8'))
    if (manifest && manifestFile(manifest.load) === file) {
      manifests.push(manifest)
      continue
    }
    bad.push(file)
    await rename(join(directory, file), join(directory, `${file}.bad`))
  }
  return { manifests, bad }
}

export function parseManifest(text: string): Manifest | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return isManifest(value) ? value : undefined
  } catch {
    return undefined
  }
}

function isManifest(value: unknown): value is Manifest {
  if (!isObject(value)) return false
  const { load, received, rowVersion, ranges, rows, crc32, days, rejected, bootId } = value
  const numbers = [load, rowVersion, rows, crc32]
  return (
    numbers.every(isCount) &&
    typeof received === 'string' &&
    typeof bootId === 'string' &&
    Array.isArray(ranges) &&
    ranges.every(isRange) &&
    Array.isArray(days) &&
    days.every(day => typeof day === 'string') &&
    Array.isArray(rejected) &&
    rejected.every(isCount)
  )
}

function isRange(value: unknown): value is Range {
  if (!isObject(value)) return false
  const { segment, from, to, skipped, hashes } = value
  return (
    typeof segment === 'string' &&
    typeof hashes === 'string' &&
    isCount(from) &&
    isCount(to) &&
    Array.isArray(skipped) &&
    skipped.every(isCount)
  )
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0
}

export function encodeHashes(hashes: readonly bigint[]): string {
  const bytes = Buffer.allocUnsafe(hashes.length * 8)
  hashes.forEach((hash, index) => {
    bytes.writeBigUInt64LE(hash, index * 8)
  })
  return bytes.toString('base64')
}

export function decodeHashes(text: string): bigint[] {
  const bytes = Buffer.from(text, 'base64')
  const hashes: bigint[] = []
  for (let at = 0; at + 8 <= bytes.length; at += 8) hashes.push(bytes.readBigUInt64LE(at))
  return hashes
}

/** How far each segment is loaded, and whether something before that was stepped over: bytes in no range are damage. */
export function progressOf(
  manifests: readonly Manifest[],
  firstOffset: number,
): Map<string, { loadedTo: number; isDamaged: boolean }> {
  const progress = new Map<string, { loadedTo: number; isDamaged: boolean }>()
  for (const { ranges } of manifests) {
    for (const { segment, from, to } of ranges) {
      const before = progress.get(segment) ?? { loadedTo: firstOffset, isDamaged: false }
      progress.set(segment, {
        loadedTo: Math.max(before.loadedTo, to),
        isDamaged: before.isDamaged || from > before.loadedTo,
      })
    }
  }
  return progress
}
