// Errors while serving, at most one line a second for each place: a full disk would otherwise fill the log as well.

import { describeError, type Log } from './log.ts'

const quietMs = 1000

export function createErrorLog(log: Log, now: () => number): (error: unknown, where: string) => void {
  const last = new Map<string, { at: number; held: number }>()
  return (error, where) => {
    const at = now()
    const before = last.get(where)
    if (before && Math.abs(at - before.at) < quietMs) {
      before.held++
      return
    }
    last.set(where, { at, held: 0 })
    log.error({ ...describeError(error), alike: before?.held ?? 0 }, where)
  }
}
