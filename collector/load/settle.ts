// Takes one load to its end: manifest ▸ insert ▸ onLoaded. Each step leaves `pending` where the next try has to go on, so
// the loader can call it again after any failure, and after a crash with a manifest read from the disk (`check`).

import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { columnsByRowVersion } from '../pipeline/row_columns.ts'
import { openSegment } from '../spool/reader.ts'
import { type Store, StoreError } from '../store/store.ts'
import { type Manifest, writeManifest } from './manifest.ts'
import { putBack } from './put_back.ts'
import { describeBytes, type LoadBytes, rebuildLoad } from './rebuild.ts'
import { findRefusedRows } from './refused_rows.ts'
import { removeRejects, writeRejects } from './rejects.ts'
import { lineStarts, originalNumbers, withoutRows } from './rows.ts'

export type LoadStep = 'gathered' | 'manifest' | 'inserted' | 'marked' | 'complete'

/** A load on its way. `check`: it may be in the database already, count it. */
export type Pending = {
  manifest: Manifest
  load: LoadBytes | undefined
  step: 'manifest' | 'check' | 'insert' | 'mark'
  /** Of those that the manifest rejects, how many were counted by an earlier process. */
  readonly rejectsCounted: number
  /** Made under an earlier boot of the machine: it may have been confirmed and be lost all the same. */
  readonly isOfEarlierBoot?: boolean
  /** Later loads go on where it ends. */
  readonly isFollowed?: boolean
  /** Ends the token of a load that an embedded engine has lost, so that it is not taken for a repeat. */
  again?: string
}

export type LoadParts = {
  readonly store: Store
  readonly spoolDirectory: string
  readonly loadsDirectory: string
  readonly rejectsDirectory: string
  onLoaded(days: string[], load: number): Promise<void>
  onStep(step: LoadStep, load: number): void
}

/**
 * `loaded`: inserted now. `found`: it was in the database. `gone`: it was not, and its segments are no more. `void`: it was
 * not, and what the segments hold is something else; its number is used up, and what can be read of it is loaded anew.
 */
export type Settled = 'loaded' | 'found' | 'gone' | 'void'

export async function settleLoad(pending: Pending, parts: LoadParts): Promise<Settled> {
  let settled: Settled = 'loaded'
  if (pending.step === 'manifest') await makeManifest(pending, parts)
  if (pending.step === 'check') {
    const state = await checkLoad(pending, parts)
    if (state === 'gone' || state === 'void') return state
    // With its bytes at hand it was this process that inserted it, and only the answer was lost.
    if (state === 'found' && !pending.load) settled = 'found'
  }
  while (pending.step === 'insert') await insertLoad(pending, parts)
  const { load, rows, days, rejected } = pending.manifest
  // An earlier attempt may have set rows aside and not come to say so in the manifest; they are in now.
  if (rejected.length === 0) await removeRejects(parts.rejectsDirectory, load)
  if (rows > 0) await parts.onLoaded([...days], load)
  parts.onStep('marked', load)
  return settled
}

async function makeManifest(
  pending: Pending,
  { spoolDirectory, loadsDirectory, onStep }: LoadParts,
): Promise<void> {
  const { manifest } = pending
  onStep('gathered', manifest.load)
  for (const segment of new Set(manifest.ranges.map(range => range.segment))) {
    await syncLiveSegment(join(spoolDirectory, `${segment}.open`))
  }
  await writeManifest(loadsDirectory, manifest)
  pending.step = 'insert'
  onStep('manifest', manifest.load)
}

/**
 * What was read from a live segment may not be on the disk yet, and after a power loss the load could not be made again.
 * A sealed segment is on the disk.
 */
async function syncLiveSegment(path: string): Promise<void> {
  const handle = await openSegment(path)
  if (!handle) return
  try {
    await handle.datasync()
  } finally {
    await handle.close()
  }
}

/** Is it in the database? `missing` leaves it ready to be inserted, `gone` says that it was complete long ago. */
async function checkLoad(pending: Pending, parts: LoadParts): Promise<'found' | 'missing' | 'gone' | 'void'> {
  const { manifest } = pending
  if (await isLoaded(parts.store, manifest)) {
    pending.step = 'mark'
    return 'found'
  }
  const load = pending.load ?? (await rebuildLoad(manifest, parts.spoolDirectory))
  if (load === 'gone' || (load === 'part' && !pending.isOfEarlierBoot)) return 'gone'
  if (load === 'part' || load === 'changed') {
    const ranges = pending.isFollowed ? await putBack(manifest, parts.spoolDirectory) : []
    const emptied = { ...manifest, ranges, rows: 0, crc32: 0, days: [], rejected: [] }
    await writeManifest(parts.loadsDirectory, emptied)
    pending.manifest = emptied
    return 'void'
  }
  // Nothing is on its way into an engine that was opened since. Its token log may know the load all the same, though the
  // part was put aside as damaged.
  if (!pending.load && parts.store.kind === 'embedded') pending.again = `-${randomUUID()}`
  pending.load = load
  pending.step = 'insert'
  return 'missing'
}

/**
 * `load` is kept for a week after the insert (migrations/0001_events.sql). An engine that was killed in this very moment and
 * stays away for longer than that may find 0 and insert again: then the token makes the insert a repeat where a server keeps
 * it, and otherwise the fold still counts each event once.
 */
async function isLoaded(store: Store, { load, received }: Manifest): Promise<boolean> {
  // The day of receipt is the partition, so one partition is read and not the table.
  const sql = 'select count() as n from events where load = {load:UInt64} and received = {received:Date}'
  const [row] = await store.query<{ n: string }>(sql, { load, received })
  return Number(row?.n ?? 0) > 0
}

/** Inserts, or sets refused rows aside and leaves the rest to the next call. */
async function insertLoad(pending: Pending, parts: LoadParts): Promise<void> {
  const { manifest, load } = pending
  if (!load) throw new Error('a load without its bytes')
  try {
    const token = tokenOf(manifest) + (pending.again ?? '')
    if (load.rows > 0) await parts.store.insert('events', columnsOf(manifest), load.bytes, token)
  } catch (error) {
    if (error instanceof StoreError && error.kind === 'refused') {
      await setAside(pending, load, parts, error)
      return
    }
    // It may have been inserted all the same: an answer can be lost on its way.
    pending.step = 'check'
    throw error
  }
  pending.step = 'mark'
  parts.onStep('inserted', manifest.load)
}

function columnsOf({ rowVersion }: Manifest): readonly string[] {
  const columns = columnsByRowVersion.get(rowVersion)
  if (!columns) throw new Error(`row version ${rowVersion} is not known`)
  return columns
}

/**
 * The crc is part of the token: a load that is made again has the same bytes and so the same token, while other rows under
 * a number that was used before (data/loads was deleted, the database was not) are not taken for a repeat and lost.
 */
function tokenOf({ load, crc32 }: Manifest): string {
  return `load-${load}-${crc32.toString(16).padStart(8, '0')}`
}

async function setAside(
  pending: Pending,
  load: LoadBytes,
  { store, loadsDirectory, rejectsDirectory }: LoadParts,
  cause: StoreError,
): Promise<void> {
  const { manifest } = pending
  const columns = columnsOf(manifest)
  // A missing table or column refuses every row: that is not the rows' fault, and waits for somebody to mend it.
  await store.query(`select ${columns.join(', ')} from events_check limit 0`)
  const refused = await findRefusedRows(load.bytes, async rows => {
    try {
      await store.insert('events_check', columns, rows, tokenOf(manifest))
      return undefined
    } catch (error) {
      if (error instanceof StoreError && error.kind === 'refused') return error.message
      throw error
    }
  })
  if (refused.length === 0) throw cause
  const gone = refused.map(({ row }) => row)
  const originals = originalNumbers(gone, manifest.rejected)
  const starts = lineStarts(load.bytes)
  const rejects = refused.map(({ row, reason }, index) => ({
    row: originals[index] ?? row,
    reason,
    bytes: load.bytes.toString('base64', starts[row], starts[row + 1]),
  }))
  await writeRejects(rejectsDirectory, manifest, rejects, { isMore: manifest.rejected.length > 0 })
  const rest = describeBytes(withoutRows(load.bytes, gone), manifest.rowVersion)
  const rejected = [...manifest.rejected, ...originals].sort((a, b) => a - b)
  const next = { ...manifest, rows: rest.rows, crc32: rest.crc32, days: rest.days, rejected }
  // Not before it is on the disk: the rest must not be inserted under a manifest that says that all rows are in.
  await writeManifest(loadsDirectory, next)
  pending.manifest = next
  pending.load = rest
}
