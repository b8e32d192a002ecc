// The log: JSON lines on standard error. No address, query string, body or header value ever: of an error only its kind
// and where it was thrown are written, because messages of parsers and databases quote what they read.

import pino, { type Logger } from 'pino'
import type { Settings } from '../config/config.ts'

export type Log = Logger

export function createLog(settings: Pick<Settings, 'logLevel'>, processName: string): Log {
  const options = {
    level: settings.logLevel,
    base: { process: processName },
    timestamp: pino.stdTimeFunctions.isoTime,
  }
  return pino(options, pino.destination({ dest: 2, sync: true }))
}

/** `{ name: 'StoreError', code: 'ECONNREFUSED', at: ['insert (…/server_store.js:40:9)'] }` */
export function describeError(error: unknown): Readonly<Record<string, unknown>> {
  if (!(error instanceof Error)) return { name: typeof error }
  const at = (error.stack ?? '').split('\n').filter(line => /^\s+at /.test(line))
  return {
    name: error.name,
    ...pick(error, ['code', 'syscall', 'kind', 'clickhouseCode']),
    ...(error.cause === undefined ? {} : { cause: describeCause(error.cause) }),
    at: at.slice(0, 4).map(line => line.trim().slice(3)),
  }
}

function describeCause(cause: unknown): Readonly<Record<string, unknown>> {
  return cause instanceof Error
    ? { name: cause.name, ...pick(cause, ['code', 'syscall']) }
    : { name: typeof cause }
}

function pick(error: Error, keys: readonly string[]): Readonly<Record<string, unknown>> {
  const entries = Object.entries(error).filter(
    ([key, value]) => keys.includes(key) && typeof value !== 'object',
  )
  return Object.fromEntries(entries)
}
