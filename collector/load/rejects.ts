// Rows that ClickHouse refused, set aside to be looked at and replayed: `rejects/1000000042.ndjson`, a line that says what
// they are, then a line a row. The file holds the rows themselves; logs and status hold only its name, the number of rows
// and the database's reason.

import { mkdir, open, readFile, unlink } from 'node:fs/promises'
import { join } from 'node:path'
import { errorCode, filesIn, syncDirectory, writeFileDurably } from '../spool/files.ts'

export type Reject = {
  /** Number of the row in its load, from 0. */
  readonly row: number
  readonly reason: string
  /** The row as it was to be inserted, base64: a refused row need not be text. */
  readonly bytes: string
}

export type RejectedLoad = {
  readonly load: number
  /** UTC day of receipt. */
  readonly received: string
  readonly rowVersion: number
}

export type Rejects = RejectedLoad & { readonly rejects: readonly Reject[] }

/** What is known without reading the rows. */
export type RejectsSummary = {
  readonly files: number
  readonly rows: number
  /** Of the newest file; '' when nothing is set aside. */
  readonly reason: string
}

/** Files whose first line is read for a summary; with more of them, `rows` counts the newest so many only. */
export const summaryFilesMax = 1000

/** The first line is about 150 bytes. */
const headBytesMax = 1024

export function rejectsFile(directory: string, load: number): string {
  return join(directory, `${load}.ndjson`)
}

/** `isMore`: rows of the same load were set aside before, and are still wanted. A row stands in its file once. */
export async function writeRejects(
  directory: string,
  { load, received, rowVersion }: RejectedLoad,
  rejects: readonly Reject[],
  { isMore }: { isMore: boolean },
): Promise<void> {
  await mkdir(directory, { recursive: true, mode: 0o700 })
  const before = isMore ? ((await readRejects(directory, load))?.rejects ?? []) : []
  // A crash between this file and its manifest has the same rows set aside again.
  const byRow = new Map([...before, ...rejects].map(reject => [reject.row, reject]))
  const all = [...byRow.values()].sort((a, b) => a.row - b.row)
  await writeFileDurably(
    rejectsFile(directory, load),
    formatRejects({ load, received, rowVersion, rejects: all }),
  )
}

/** What is not there is removed. */
export async function removeRejects(directory: string, load: number): Promise<void> {
  try {
    await unlink(rejectsFile(directory, load))
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return
    throw error
  }
  await syncDirectory(directory)
}

export function formatRejects({ load, received, rowVersion, rejects }: Rejects): string {
  const reason = rejects.at(-1)?.reason ?? ''
  const head = { load, received, rowVersion, rows: rejects.length, reason }
  return [head, ...rejects].map(line => `${JSON.stringify(line)}\n`).join('')
}

/** Undefined when there is none, or it cannot be read. */
export async function readRejects(directory: string, load: number): Promise<Rejects | undefined> {
  const text = await readText(rejectsFile(directory, load))
  const rejects = text === undefined ? undefined : parseRejects(text)
  return rejects?.load === load ? rejects : undefined
}

export async function readText(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8')
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined
    throw error
  }
}

/** Undefined when it is not whole. */
export function parseRejects(text: string): Rejects | undefined {
  const [first, ...lines] = text.split('\n').slice(0, -1)
  const head = parseHead(first ?? '')
  const rejects = lines.map(parseReject).filter(reject => reject !== undefined)
  if (head === undefined || rejects.length !== lines.length || head.rows !== rejects.length) return undefined
  const { load, received, rowVersion } = head
  return { load, received, rowVersion, rejects }
}

/** Loads that have rows set aside, oldest first. */
export async function rejectedLoads(directory: string): Promise<number[]> {
  const loads = (await filesIn(directory)).map(file => Number(/^(\d{10})\.ndjson$/.exec(file)?.[1] ?? 0))
  return loads.filter(load => load > 0).sort((a, b) => a - b)
}

export async function summariseRejects(directory: string): Promise<RejectsSummary> {
  const loads = await rejectedLoads(directory)
  const newest = loads.slice(-summaryFilesMax)
  const heads = await Promise.all(newest.map(load => readHead(rejectsFile(directory, load))))
  const rows = heads.reduce((sum, head) => sum + (head?.rows ?? 0), 0)
  return { files: loads.length, rows, reason: heads.at(-1)?.reason ?? '' }
}

type Head = RejectedLoad & { readonly rows: number; readonly reason: string }

/** Undefined also when it was replayed just now. */
async function readHead(file: string): Promise<Head | undefined> {
  const handle = await open(file, 'r').catch(() => undefined)
  if (!handle) return undefined
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(headBytesMax), 0, headBytesMax, 0)
    return parseHead(buffer.toString('utf8', 0, bytesRead).split('\n', 1)[0] ?? '')
  } finally {
    await handle.close()
  }
}

function parseHead(line: string): Head | undefined {
  const { load, received, rowVersion, rows, reason } = parseObject(line)
  const isHead = [load, rowVersion, rows].every(Number.isSafeInteger)
  if (!isHead || typeof received !== 'string' || typeof reason !== 'string') return undefined
  return { load: Number(load), received, rowVersion: Number(rowVersion), rows: Number(rows), reason }
}

function parseReject(line: string): Reject | undefined {
  const { row, reason, bytes } = parseObject(line)
  if (!Number.isSafeInteger(row) || typeof reason !== 'string' || typeof bytes !== 'string') return undefined
  // One line: rows are told apart by their line feeds.
  const decoded = Buffer.from(bytes, 'base64')
  if (decoded.indexOf(10) !== decoded.length - 1) return undefined
  return { row: Number(row), reason, bytes }
}

function parseObject(line: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(line)
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
  } catch {
    return {}
  }
}
