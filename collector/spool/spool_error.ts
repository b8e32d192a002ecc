// Why the spool did not take a record. The record is not acknowledged; it may still be found on the disk, and then the
// batch hash recognises the client's retry.

export const spoolErrorCodes = [
  /** The quota, or the disk itself, has no room. */
  'spool_full',
  /** Creating, writing or syncing a segment failed; the cause says how. */
  'write_failed',
  /** More is waiting for the disk than may wait. */
  'spool_busy',
  /** The writer is closing. */
  'spool_closed',
  /** A record past recordBytesMax. */
  'record_too_large',
] as const

export type SpoolErrorCode = (typeof spoolErrorCodes)[number]

export class SpoolError extends Error {
  override readonly name = 'SpoolError'
  readonly code: SpoolErrorCode
  constructor(code: SpoolErrorCode, message: string, cause?: unknown) {
    super(message, { cause })
    this.code = code
  }
}

const noRoom = new Set(['ENOSPC', 'EDQUOT', 'EFBIG'])

/** What a failed file operation means for the appends that waited for it. */
export function writeError(cause: unknown): SpoolError {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : ''
  if (noRoom.has(code))
    return new SpoolError('spool_full', `the disk of the spool has no room (${code})`, cause)
  return new SpoolError('write_failed', `the spool could not be written (${code || 'unknown error'})`, cause)
}
