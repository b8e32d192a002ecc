// The ledger of consent: what was chosen, for which site and policy, on which day, asked by what. It proves that a choice
// was made without saying by whom: no address, no user agent, no time of day. An entry is durable before its answer.
// One file a process and day, a line an entry: `data/ledger/2025-11-23-0-1.ndjson`.

import { randomBytes } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { type FileHandle, mkdir, open, stat, unlink } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { type PurposeSet, purposesOf } from '../../contract/purposes.ts'
import { utcDay } from '../pipeline/day.ts'
import { errorCode, filesIn } from '../spool/files.ts'

/** What a visitor chose. `at` is Unix milliseconds, of which the entry keeps the UTC day. */
export type Choice = {
  readonly site: string
  readonly policy: number
  readonly choice: 'grant' | 'withdraw' | 'object'
  readonly purposes: PurposeSet
  readonly at: number
  readonly source: string
}

/** What is kept. Only a grant has an id, which is told to the page once and never travels with events. */
export type LedgerEntry = {
  readonly id?: string
  readonly site: string
  readonly policy: number
  readonly choice: Choice['choice']
  readonly purposes: readonly string[]
  readonly day: string
  readonly source: string
}

export type Ledger = {
  /** Resolves once the entry is durable, with its id if it is a grant. Throws when it cannot be made durable. */
  record(choice: Choice): Promise<string | undefined>
  /** The entry of a grant, or undefined. Reads one day's files at most. */
  find(id: string): Promise<LedgerEntry | undefined>
  /** Waits for what is being written. */
  close(): Promise<void>
}

export type LedgerOptions = {
  readonly directory: string
  /** Number of this process among those that write; each has files of its own. */
  readonly slot: number
  /** How long a proof is kept; files of older days are removed. Three years: receipts live half a year, and claims for their duration after. */
  readonly keepDays?: number
  /** Bound of one process's entries of a day, bytes; past it choices are refused as if the disk were full, grants earlier. */
  readonly dayBytesMax?: number
}

/** Entries that wait for the disk; past it choices are refused. At 2,000 syncs a second that is more than a second. */
const waitingMax = 5000

/**
 * Room that grants leave: whoever sends grants without end keeps nobody from withdrawing or objecting. Of the places that
 * wait these are on top, of the bytes of a day a part.
 */
const refusalsWaitingMax = 1000
const refusalsShare = 1 / 4

type Waiting = {
  readonly day: string
  readonly line: string
  readonly isGrant: boolean
  resolve(): void
  reject(error: Error): void
}
type OpenFile = { readonly handle: FileHandle; readonly day: string; bytes: number }

const dayMs = 24 * 3600 * 1000
const idPattern = /^(\d{4})(\d\d)(\d\d)-[\w-]{22}$/
const filePattern = /^(\d{4}-\d\d-\d\d)-\d+-\d+\.ndjson$/

export function createLedger(options: LedgerOptions): Ledger {
  const { directory, slot, keepDays = 3 * 365, dayBytesMax = 256 * 1024 * 1024 } = options
  let waiting: Waiting[] = []
  let writing: Promise<void> | undefined
  let file: OpenFile | undefined

  function record(choice: Choice): Promise<string | undefined> {
    const isGrant = choice.choice === 'grant'
    if (waiting.length >= waitingMax + (isGrant ? 0 : refusalsWaitingMax))
      return Promise.reject(new Error('ledger: too many choices wait for the disk'))
    const day = utcDay(choice.at)
    const id = isGrant ? newId(day) : undefined
    const line = `${JSON.stringify(entryOf(choice, day, id))}\n`
    return new Promise((resolve, reject) => {
      waiting.push({ day, line, isGrant, resolve: () => resolve(id), reject })
      writing ??= writeAll()
    })
  }

  /** All that wait share one write and one sync: group commit, as in the spool. Around midnight a group has one day. */
  async function writeAll(): Promise<void> {
    for (let first = waiting[0]; first !== undefined; first = waiting[0]) {
      const { day } = first
      const group = waiting.filter(entry => entry.day === day)
      waiting = waiting.filter(entry => entry.day !== day)
      try {
        await append(day, group)
      } catch (error) {
        const cause = error instanceof Error ? error : new Error('ledger: write failed')
        for (const { reject } of group) reject(cause)
      }
    }
    writing = undefined
  }

  async function append(day: string, group: readonly Waiting[]): Promise<void> {
    if (file?.day !== day) {
      await leaveFile()
      file = await openFile(directory, day, slot)
      await removeOld(day)
    }
    const fitting = thatFit(group, file.bytes)
    if (fitting.length === 0) return
    const bytes = Buffer.from(fitting.map(({ line }) => line).join(''), 'utf8')
    try {
      await file.handle.appendFile(bytes)
      await file.handle.datasync()
      file.bytes += bytes.length
    } catch (error) {
      // After a failed sync nobody knows what is on the disk: the file is left alone, and the next entry starts another.
      await leaveFile()
      throw error
    }
    for (const { resolve } of fitting) resolve()
  }

  /** The entries for which the day has room behind `bytes`; the others are refused. */
  function thatFit(group: readonly Waiting[], bytes: number): Waiting[] {
    let written = bytes
    return group.filter(({ isGrant, line, reject }) => {
      const after = written + Buffer.byteLength(line)
      if (after > dayBytesMax * (isGrant ? 1 - refusalsShare : 1)) {
        reject(new Error('ledger: bound of the day reached'))
        return false
      }
      written = after
      return true
    })
  }

  async function leaveFile(): Promise<void> {
    const left = file
    file = undefined
    await left?.handle.close().catch(() => undefined)
  }

  /**
   * Once a day, when its first entry is written. Age is counted from the day after the last one that has entries, at the
   * latest: a clock that is years ahead for a moment would take every proof with it.
   */
  async function removeOld(day: string): Promise<void> {
    const names = await filesIn(directory)
    const days = names.map(name => filePattern.exec(name)?.[1] ?? '')
    const before = days
      .filter(other => other !== '' && other < day)
      .sort()
      .at(-1)
    if (before === undefined) return
    const believed = Math.min(Date.parse(day), Date.parse(before) + dayMs)
    const oldest = utcDay(believed - keepDays * dayMs)
    for (const [index, name] of names.entries()) {
      const written = days[index] ?? ''
      if (written !== '' && written < oldest) await unlink(join(directory, name)).catch(ignoreMissing)
    }
  }

  async function find(id: string): Promise<LedgerEntry | undefined> {
    const match = idPattern.exec(id)
    if (match === null) return undefined
    const day = match.slice(1, 4).join('-')
    for (const name of await filesIn(directory)) {
      if (!name.startsWith(`${day}-`) || !filePattern.test(name)) continue
      const entry = await findIn(join(directory, name), id)
      if (entry !== undefined) return entry
    }
    return undefined
  }

  async function close(): Promise<void> {
    await writing
    await leaveFile()
  }

  return { record, find, close }
}

/** 128 random bits behind the day, which says in which files to look. */
function newId(day: string): string {
  return `${day.replaceAll('-', '')}-${randomBytes(16).toString('base64url')}`
}

/**
 * The source is one or two short words of letters, `cookie-banner`. In anything else a page could leave a name, a number or
 * an address, and the ledger is kept for years.
 */
function entryOf(choice: Choice, day: string, id: string | undefined): LedgerEntry {
  const { policy, site } = choice
  const source = /^[a-z]{1,12}(?:[_-][a-z]{1,12})?$/.test(choice.source) ? choice.source : 'other'
  const entry = { site, policy, choice: choice.choice, purposes: purposesOf(choice.purposes), day, source }
  return id === undefined ? entry : { id, ...entry }
}

/**
 * A new file each time: what an earlier process left may end in half a line, or may not be trusted. The number after the
 * slot is the first that is free. What this slot has written that day before counts towards the bound.
 */
async function openFile(directory: string, day: string, slot: number): Promise<OpenFile> {
  await mkdir(directory, { recursive: true, mode: 0o700 })
  let bytes = 0
  for (let part = 1; ; part++) {
    const path = join(directory, `${day}-${slot}-${part}.ndjson`)
    try {
      const handle = await open(path, 'ax', 0o600)
      await syncDirectory(directory)
      return { handle, day, bytes }
    } catch (error) {
      if (errorCode(error) !== 'EEXIST') throw error
      bytes += (await stat(path)).size
    }
  }
}

async function syncDirectory(directory: string): Promise<void> {
  const handle = await open(directory, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

/** Line by line, so that a day of any size needs the memory of one line. */
async function findIn(file: string, id: string): Promise<LedgerEntry | undefined> {
  const stream = createReadStream(file, 'utf8')
  try {
    for await (const line of createInterface({ input: stream, crlfDelay: Number.POSITIVE_INFINITY })) {
      if (line.includes(id)) return JSON.parse(line) as LedgerEntry
    }
    return undefined
  } finally {
    stream.destroy()
  }
}

/** Another process was faster. */
function ignoreMissing(error: unknown): void {
  if (errorCode(error) !== 'ENOENT') throw error
}
