// A database server that goes away: one line when it does, one when it is back, however often it is tried meanwhile. Of the
// error only what reasonOf tells: no statement, no row, no password.

import { type Store, StoreError } from '../store/store.ts'
import { reasonOf } from '../store/store_error.ts'
import type { Log } from './log.ts'

export type AwayNotes = {
  /** The same store; what it answers, and does not, is noted. */
  watch(store: Store): Store
  failed(error: unknown): void
}

type Door = 'open' | 'read' | 'write'

/** `name` as it may be shown. */
export function createAwayNotes(log: Pick<Log, 'warn'>, name: string, steadyNow: () => number): AwayNotes {
  // A server that answers questions and takes no rows is away for us, so each door has to open again by itself.
  const shut = new Set<Door>()
  let since = 0
  let said = ''

  function failed(error: unknown, door: Door): void {
    if (shut.size === 0) since = steadyNow()
    shut.add(door)
    const reason = reasonOf(error)
    // A refused connection that becomes a wrong password is news; the same reason again is none.
    if (reason === said) return
    said = reason
    log.warn(`the database ${name} is away (${reason}): events wait in the spool, and it is tried again`)
  }

  function worked(door: Door): void {
    if (shut.size === 0) return
    shut.delete(door)
    if (door === 'write') shut.clear()
    if (shut.size > 0) return
    said = ''
    log.warn(`the database ${name} is back after ${Math.round((steadyNow() - since) / 1000)} s`)
  }

  async function noted<T>(door: Door, work: () => Promise<T>): Promise<T> {
    try {
      const result = await work()
      worked(door)
      return result
    } catch (error) {
      if (error instanceof StoreError && error.kind === 'unavailable') failed(error, door)
      throw error
    }
  }

  return {
    failed: error => failed(error, 'open'),
    watch: store =>
      store.kind === 'embedded'
        ? store
        : {
            ...store,
            query: (sql, parameters) => noted('read', () => store.query(sql, parameters)),
            command: (sql, parameters) => noted('write', () => store.command(sql, parameters)),
            work: (sql, parameters) => noted('write', () => store.work(sql, parameters)),
            insert: (table, columns, rows, token) =>
              noted('write', () => store.insert(table, columns, rows, token)),
          },
  }
}
