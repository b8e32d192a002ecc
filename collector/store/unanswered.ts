// Writes whose answer was lost: the server may be at them still. Until it is not, nothing else is asked: a count could come
// before the insert that it looks for, and a table that is emptied for another try could be filled by the first.

import { StoreError } from './store.ts'
import { isAnswer } from './store_error.ts'

type Ask = (sql: string, ids: readonly string[]) => Promise<unknown[]>

export type Unanswered = {
  write<T>(queryId: string, send: (queryId: string) => Promise<T>): Promise<T>
  /** Resolves when the server is at none of them. Rejects while it is, or while it does not answer. */
  settle(): Promise<void>
}

/** A user always sees its own statements, and may end them. One that cannot be ended is waited for. */
const end = 'kill query where user = currentUser() and query_id in {ids:Array(String)} async'
const look = 'select query_id from system.processes where query_id in {ids:Array(String)}'

export function createUnanswered(ask: Ask): Unanswered {
  const ids = new Set<string>()

  async function settle(): Promise<void> {
    if (ids.size === 0) return
    const asked = [...ids]
    if ((await ask(look, asked)).length > 0) {
      await ask(end, asked).catch(() => {})
      if ((await ask(look, asked)).length > 0)
        throw new StoreError('unavailable', 'the database is still at a statement whose answer was lost', 0)
    }
    for (const id of asked) ids.delete(id)
  }

  return {
    settle,
    async write(queryId, send) {
      await settle()
      try {
        return await send(queryId)
      } catch (error) {
        // An error of the database's own is an answer, too.
        if (!isAnswer(error)) ids.add(queryId)
        throw error
      }
    },
  }
}
