// A list of calls into the spool, from where the ordinary loader brings it into the database once. It is read as a stream, a
// thousand lines at a time, and each thousand is durable before the next is read; what is cut off in the middle is taken up by
// importing the whole list again, since a call that is there already is left out.

import { hash } from 'node:crypto'
import type { Site } from '../config/config.ts'
import { lookAtDay } from '../fold/raw_days.ts'
import { callDay, callName, callRow, type ImportedCall, shardOfCalls } from '../pipeline/imported_call.ts'
import { rowVersion } from '../pipeline/row_columns.ts'
import type { NewRecord } from '../spool/record.ts'
import type { Store } from '../store/store.ts'
import { type CallFormat, createCallReader } from './call_fields.ts'
import { type CallProblem, readCall } from './read_call.ts'
import { readLines } from './read_lines.ts'

/** What is being imported. */
export type CallList = {
  readonly source: AsyncIterable<Uint8Array>
  readonly format: CallFormat
  readonly site: Site
  /** Looks only, and stores nothing. */
  readonly isDryRun: boolean
}

export type CallParts = {
  readonly store: Store
  /** Under which calls are named, see imported_call.ts. */
  readonly key: Buffer
  now(): number
  /** Resolves once the record is on the disk. */
  append(record: NewRecord): Promise<void>
}

/** So far. */
export type CallCounts = {
  readonly lines: number
  /** Calls that came in, or would. */
  readonly calls: number
  /** Calls that were there already. */
  readonly repeated: number
  /** Lines that hold no call that may be kept. */
  readonly refused: number
}

export type CallTold = CallCounts | { readonly line: number; readonly problem: CallProblem }

/** Thrown past a bound; what came before it is imported. */
export class CallListTooLong extends Error {
  override readonly name = 'CallListTooLong'
}

/** More than three years of a thousand a day; the memory of an import grows with them. */
export const callsMax = 1_000_000
const chunkLines = 1000
/** A list is sorted by time, more or less: the names of these days are held, those of others asked for again. */
const daysHeldMax = 8

type Day = { readonly isWhole: boolean; readonly names: ReadonlySet<string> }

/** `tell` hears of each line that is refused, and after each thousand how far it is. */
export async function importCalls(
  list: CallList,
  parts: CallParts,
  tell: (told: CallTold) => void,
): Promise<CallCounts> {
  const { site, isDryRun } = list
  const counts = { lines: 0, calls: 0, repeated: 0, refused: 0 }
  const read = createCallReader(list.format)
  // Loaded here, because the plans of all countries take as long to load as the rest of a command, and most never import.
  const { createPhoneNumbers } = await import('./phone_numbers.ts')
  const numbers = createPhoneNumbers(site.numbers)
  const earlierOf = createEarlier()
  const days = new Map<string, Day>()
  const receivedAt = parts.now()
  let rows: string[] = []

  function refuse(line: number, problem: CallProblem): void {
    counts.refused++
    tell({ line, problem })
  }

  async function take(line: number, call: ImportedCall): Promise<void> {
    const { day, expires } = callDay(site, call.at)
    const { isWhole, names } = await dayOf(day)
    if (!isWhole || !isKept(expires, receivedAt)) {
      refuse(line, 'too_old')
      return
    }
    const nameOf = callName(site, call, parts.key)
    const name = nameOf(earlierOf(nameOf(0)))
    if (names.has(String(name))) {
      counts.repeated++
      return
    }
    rows.push(callRow(site, call, name, receivedAt))
    counts.calls++
  }

  async function dayOf(day: string): Promise<Day> {
    const held = days.get(day)
    if (held !== undefined) return held
    const found = await lookAtCalls(parts.store, site.id, day, receivedAt)
    const [oldest] = days.keys()
    if (days.size >= daysHeldMax && oldest !== undefined) days.delete(oldest)
    days.set(day, found)
    return found
  }

  async function flush(): Promise<void> {
    if (rows.length > 0 && !isDryRun) await parts.append(recordOf(site.id, rows))
    rows = []
    tell({ ...counts })
  }

  for await (const { number, text } of readLines(list.source)) {
    counts.lines = number
    const fields = text === undefined ? undefined : read(text)
    if (fields === undefined) refuse(number, 'unreadable')
    else if (fields !== 'skip') {
      const call = readCall(fields, site, numbers, receivedAt)
      if (typeof call === 'string') refuse(number, call)
      else await take(number, call)
    }
    const isFull = counts.calls + counts.repeated >= callsMax
    if (isFull || number % chunkLines === 0) await flush()
    if (isFull) throw new CallListTooLong()
  }
  await flush()
  return counts
}

/** As the fold asks before it folds a day: with a day of margin. */
function isKept(expires: string, now: number): boolean {
  return Date.parse(expires) > now + 24 * 3600 * 1000
}

/** A day whose raw rows have begun to expire, of any site, is folded no more: what came now would never be counted. */
async function lookAtCalls(store: Store, site: string, day: string, now: number): Promise<Day> {
  const { isWhole } = await lookAtDay(store, day, now)
  const rows = await store.query<{ name: string }>(
    `select toString(page) as name from events where site = {site:String} and day = {day:Date} and type = 'call'`,
    { site, day },
  )
  return { isWhole, names: new Set(rows.map(row => row.name)) }
}

function recordOf(siteId: string, rows: readonly string[]): NewRecord {
  const text = rows.join('')
  return {
    rowVersion,
    // The same rows sent twice within ten minutes are known by the loader already.
    batchHash: hash('sha256', text, 'buffer').readBigUInt64BE(0),
    subjectTag: 0n,
    shard: shardOfCalls(siteId),
    rowCount: rows.length,
    rows: text,
  }
}

/** How many calls of the same content the list has had so far. By 52 bits: 16 bytes a call and more, for `callsMax` at most. */
function createEarlier(): (name: bigint) => number {
  const seen = new Map<number, number>()
  return name => {
    const short = Number(name >> 12n)
    const earlier = seen.get(short) ?? 0
    seen.set(short, earlier + 1)
    return earlier
  }
}
