// Offers rows that were set aside to the database again, after somebody mended what it refused them for. Which of them it
// takes now is asked of `events_check`, which stores nothing; those go back into the spool as one sealed segment, and the
// ordinary loader does the rest. The others stay set aside. Through a crash at any instant each row goes back once:
//
//   spool/<segment>.<crc of the reject file>.replay is durable   nothing has happened yet: no loader reads such a file
//   the reject file is removed, or replaced by what stays        from here on the rows belong to the spool
//   the .replay is renamed to <segment>.seg
//
// So a .replay that is found later speaks for itself: while the reject file that it was made from is still there it is
// thrown away, and otherwise it is renamed (finishReplays).

import { mkdir, rename, unlink } from 'node:fs/promises'
import { join } from 'node:path'
import { crc32 } from 'node:zlib'
import { columnsByRowVersion } from '../pipeline/row_columns.ts'
import { readBootId } from '../spool/boot_id.ts'
import { filesIn, syncDirectory, writeFileDurably } from '../spool/files.ts'
import { encodeRecord } from '../spool/record_codec.ts'
import { encodeSegmentHeader, segmentName } from '../spool/segment.ts'
import { type Store, StoreError } from '../store/store.ts'
import { findRefusedRows } from './refused_rows.ts'
import {
  formatRejects,
  parseRejects,
  type Reject,
  type Rejects,
  readText,
  rejectedLoads,
  rejectsFile,
} from './rejects.ts'
import { replayRecord } from './replay_record.ts'

/**
 * What became of the rows of one load. `unreadable`: its file is damaged; `loading`: the load itself is not complete, so that
 * rows may still be added. Both are left alone.
 */
export type Replayed = {
  readonly load: number
  readonly state: 'asked' | 'unreadable' | 'loading'
  /** Rows that go back into the spool. */
  readonly rows: number
  /** Rows that stay set aside, by the database's reason; never a row itself. */
  readonly refused: Readonly<Record<string, number>>
}

export type ReplayStep = 'asked' | 'staged' | 'committed' | 'spooled'

export type ReplayOptions = {
  readonly store: Store
  readonly spoolDirectory: string
  readonly rejectsDirectory: string
  /** The last load that is complete. */
  readonly lastLoad: number
  /** Only these loads; all without it. */
  readonly loads?: readonly number[] | undefined
  now(): number
  onReplayed?(replayed: Replayed): void
  /** Called after each step of a load. Tests end the process here. */
  onStep?(step: ReplayStep, load: number): void
}

/** Gives the loads that had rows set aside. Throws a StoreError while the database is away; what was done until then stays done. */
export async function replayRejects(options: ReplayOptions): Promise<Replayed[]> {
  const { spoolDirectory, rejectsDirectory, onReplayed = () => {} } = options
  await finishReplays(spoolDirectory, rejectsDirectory)
  const asked = options.loads && new Set(options.loads)
  const replayed: Replayed[] = []
  for (const load of await rejectedLoads(rejectsDirectory)) {
    if (asked?.has(load) === false) continue
    const result = await replayLoad(load, options)
    replayed.push(result)
    onReplayed(result)
  }
  return replayed
}

/** After a crash, and before each replay: takes what was under way to its end, or back to its beginning. */
export async function finishReplays(spoolDirectory: string, rejectsDirectory: string): Promise<void> {
  const staged = (await filesIn(spoolDirectory)).filter(file => /\.replay(\.tmp)?$/.test(file))
  if (staged.length === 0) return
  // A reject file that is gone for us has to be gone for good before its rows are in the spool.
  await mkdir(rejectsDirectory, { recursive: true, mode: 0o700 })
  await syncDirectory(rejectsDirectory)
  for (const file of staged) {
    const path = join(spoolDirectory, file)
    const parsed = /^((\d{13})-0-(\d{10}))\.([0-9a-f]{8})\.replay$/.exec(file)
    const [, segment = '', , load, crc] = parsed ?? []
    const source = await readText(rejectsFile(rejectsDirectory, Number(load)))
    const isCommitted = parsed !== null && (source === undefined || hexCrc(source) !== crc)
    if (isCommitted) await rename(path, join(spoolDirectory, `${segment}.seg`))
    else await unlink(path)
  }
  await syncDirectory(spoolDirectory)
}

async function replayLoad(load: number, options: ReplayOptions): Promise<Replayed> {
  const { rejectsDirectory, lastLoad, onStep = () => {} } = options
  if (load > lastLoad) return { load, state: 'loading', rows: 0, refused: {} }
  const text = await readText(rejectsFile(rejectsDirectory, load))
  const found = text === undefined ? undefined : parseRejects(text)
  if (text === undefined || found?.load !== load) return { load, state: 'unreadable', rows: 0, refused: {} }
  const { taken, refused } = await ask(options.store, found)
  onStep('asked', load)
  if (taken.length > 0) await putBack(text, found, taken, refused, options)
  return { load, state: 'asked', rows: taken.length, refused: countReasons(refused) }
}

type Answer = { readonly taken: readonly Reject[]; readonly refused: readonly Reject[] }

/** A row version that this Lightfoot does not know stays aside for one that does. */
async function ask(store: Store, { load, rowVersion, rejects }: Rejects): Promise<Answer> {
  const columns = columnsByRowVersion.get(rowVersion)
  if (!columns) {
    const reason = `rows of version ${rowVersion} are not known`
    return { taken: [], refused: rejects.map(reject => ({ ...reject, reason })) }
  }
  const bytes = rejects.map(reject => Buffer.from(reject.bytes, 'base64'))
  const reasons = new Map<number, string>()
  const found = await findRefusedRows(Buffer.concat(bytes), rows =>
    probe(store, columns, rows, `replay-${load}`),
  )
  for (const { row, reason } of found) reasons.set(row, reason)
  const refused = rejects.flatMap((reject, index) => {
    const reason = reasons.get(index)
    return reason === undefined ? [] : [{ ...reject, reason }]
  })
  return { taken: rejects.filter((_, index) => !reasons.has(index)), refused }
}

async function probe(
  store: Store,
  columns: readonly string[],
  rows: Buffer,
  token: string,
): Promise<string | undefined> {
  try {
    await store.insert('events_check', columns, rows, token)
    return undefined
  } catch (error) {
    if (error instanceof StoreError && error.kind === 'refused') return error.message
    throw error
  }
}

async function putBack(
  source: string,
  found: Rejects,
  taken: readonly Reject[],
  refused: readonly Reject[],
  { spoolDirectory, rejectsDirectory, now, onStep = () => {} }: ReplayOptions,
): Promise<void> {
  const { load, rowVersion } = found
  const createdMs = now()
  // The load's number stands where other segments have the process: 0 is no acceptor's slot, so no name is used twice.
  const segment = segmentName(createdMs, 0, load)
  const staged = join(spoolDirectory, `${segment}.${hexCrc(source)}.replay`)
  const header = encodeSegmentHeader({ slot: 0, pid: load, processStart: 0, bootId: readBootId(), createdMs })
  const records = taken.map(reject => encodeRecord(replayRecord(load, rowVersion, reject)))
  await mkdir(spoolDirectory, { recursive: true, mode: 0o700 })
  await writeFileDurably(staged, Buffer.concat([header, ...records]))
  onStep('staged', load)
  await leaveAside(rejectsDirectory, { ...found, rejects: refused })
  onStep('committed', load)
  await rename(staged, join(spoolDirectory, `${segment}.seg`))
  await syncDirectory(spoolDirectory)
  onStep('spooled', load)
}

async function leaveAside(directory: string, rest: Rejects): Promise<void> {
  const file = rejectsFile(directory, rest.load)
  if (rest.rejects.length > 0) {
    await writeFileDurably(file, formatRejects(rest))
    return
  }
  await unlink(file)
  await syncDirectory(directory)
}

function countReasons(refused: readonly Reject[]): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const { reason } of refused) counts[reason] = (counts[reason] ?? 0) + 1
  return counts
}

function hexCrc(text: string): string {
  return crc32(text).toString(16).padStart(8, '0')
}
