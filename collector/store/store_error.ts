// From whatever a client throws to a StoreError: who is to blame, the database or what it was given?

import { adviceOf } from './advice.ts'
import { StoreError } from './store.ts'

/**
 * ClickHouse's own error numbers that speak of its state and not of the statement or the rows: later, or after a person
 * has set something right, the same call can succeed. Everything else with a number is refused for good.
 */
const unavailableCodes: ReadonlySet<number> = new Set([
  3, // UNEXPECTED_END_OF_FILE
  23, // CANNOT_READ_FROM_ISTREAM
  33, // CANNOT_READ_ALL_DATA: with HTTP, a body that was cut on its way
  60, // UNKNOWN_TABLE: not migrated yet
  74, // CANNOT_READ_FROM_FILE_DESCRIPTOR
  75, // CANNOT_WRITE_TO_FILE_DESCRIPTOR
  76, // CANNOT_OPEN_FILE
  77, // CANNOT_CLOSE_FILE
  81, // UNKNOWN_DATABASE
  95, // CANNOT_READ_FROM_SOCKET
  96, // CANNOT_WRITE_TO_SOCKET
  159, // TIMEOUT_EXCEEDED
  160, // TOO_SLOW
  164, // READONLY
  173, // CANNOT_ALLOCATE_MEMORY
  192, // UNKNOWN_USER
  193, // WRONG_PASSWORD
  194, // REQUIRED_PASSWORD
  198, // DNS_ERROR
  201, // QUOTA_EXCEEDED
  202, // TOO_MANY_SIMULTANEOUS_QUERIES
  203, // NO_FREE_CONNECTION
  209, // SOCKET_TIMEOUT
  210, // NETWORK_ERROR
  236, // ABORTED
  241, // MEMORY_LIMIT_EXCEEDED
  242, // TABLE_IS_READ_ONLY
  243, // NOT_ENOUGH_SPACE
  252, // TOO_MANY_PARTS
  279, // ALL_CONNECTION_TRIES_FAILED
  285, // TOO_FEW_LIVE_REPLICAS
  286, // UNSATISFIED_QUORUM_FOR_PREVIOUS_WRITE
  319, // UNKNOWN_STATUS_OF_INSERT
  344, // SUPPORT_IS_DISABLED
  394, // QUERY_WAS_CANCELLED
  415, // ALL_REPLICAS_LOST
  425, // SYSTEM_ERROR
  439, // CANNOT_SCHEDULE_TASK
  473, // DEADLOCK_AVOIDED
  497, // ACCESS_DENIED
  516, // AUTHENTICATION_FAILED
  745, // SERVER_OVERLOADED
  999, // KEEPER_EXCEPTION
  1000, // POCO_EXCEPTION
  1001, // STD_EXCEPTION: a full disk arrives as this
  1002, // UNKNOWN_EXCEPTION
])

/** `Code: 27. DB::Exception: Cannot parse … (CANNOT_PARSE_INPUT_ASSERTION_FAILED) (version 26.7.2.1)` */
const codePattern = /Code: (\d+)/
const typePattern = /\(([A-Z][A-Z0-9_]*_[A-Z0-9_]+|ABORTED|READONLY)\)/g

/**
 * `quoting: false` is for inserts: ClickHouse quotes the row that it refuses, and a client may quote what it could not send.
 * A row is a person's data, so neither the text nor the cause is passed on, only the error's name and number.
 */
export function toStoreError(error: unknown, { quoting }: { quoting: boolean }): StoreError {
  if (error instanceof StoreError) return error
  const text = error instanceof Error ? error.message : String(error)
  const code = readCode(error, text)
  if (code === 0) return noAnswer(error, quoting ? text : undefined)
  const kind = unavailableCodes.has(code) ? 'unavailable' : 'refused'
  const name = readType(error) ?? lastType(text) ?? 'error'
  const advice = adviceOf(code)
  const named = `ClickHouse: ${name} (code ${code})${advice === undefined ? '' : `: ${advice}`}`
  return quoting
    ? new StoreError(kind, `${named}: ${firstLine(text)}`, code, error)
    : new StoreError(kind, named, code)
}

/**
 * Of any error, what a log may tell: the error's name and what to do, nothing of what the database or a client quotes.
 */
export function reasonOf(error: unknown): string {
  if (!(error instanceof StoreError)) return error instanceof Error ? error.name : 'unknown error'
  const code = error.clickhouseCode || nodeCode(error.cause)
  const what = typeof code === 'number' ? `ClickHouse error ${code}` : (code ?? 'no answer')
  const advice = code === undefined ? undefined : adviceOf(code)
  return advice === undefined ? what : `${what}: ${advice}`
}

/** Did the database say this, or is it about a connection? */
export function isAnswer(error: unknown): boolean {
  return readCode(error, error instanceof Error ? error.message : '') !== 0
}

/** `text` is what the client said, where that may be told. */
function noAnswer(error: unknown, text: string | undefined): StoreError {
  // A string of Node's own (`ECONNREFUSED`) says more than its message, which may be empty.
  const code = nodeCode(error)
  const why = code ?? (text === undefined ? undefined : firstLine(text))
  const advice = code === undefined ? undefined : adviceOf(code)
  const message = `the database did not answer${why === undefined ? '' : `: ${why}`}${advice === undefined ? '' : `: ${advice}`}`
  const named = code === undefined ? undefined : Object.assign(new Error(code), { code })
  return new StoreError('unavailable', message, 0, text === undefined ? named : error)
}

/** The last one: what ClickHouse quotes stands before its own name of the error, and may look like one. */
function lastType(text: string): string | undefined {
  return [...text.matchAll(typePattern)].at(-1)?.[1]
}

/** @clickhouse/client's ClickHouseError has the number as a string in `code`; chDB's insert errors have it in the text. */
function readCode(error: unknown, text: string): number {
  const code = field(error, 'code')
  if (typeof code === 'string' && /^\d+$/.test(code)) return Number(code)
  return Number(codePattern.exec(text)?.[1] ?? 0)
}

function readType(error: unknown): string | undefined {
  const type = field(error, 'type')
  return typeof type === 'string' ? type : undefined
}

function nodeCode(error: unknown): string | undefined {
  const code = field(error, 'code')
  return typeof code === 'string' && /^[A-Z][A-Z0-9_]+$/.test(code) ? code : undefined
}

function field(error: unknown, name: 'code' | 'type'): unknown {
  return typeof error === 'object' && error !== null ? (error as Record<string, unknown>)[name] : undefined
}

function firstLine(text: string): string {
  const line = text.split('\n', 1)[0] ?? ''
  return line.length > 300 ? `${line.slice(0, 300)}…` : line.trim()
}
