// A statement that only reads, asked again when what went wrong is over in a moment: a connection that the server closed as
// idle just when we used it, a restart, a server that is busy. What lasts longer is for the caller.

import { setTimeout as sleep } from 'node:timers/promises'
import { StoreError } from './store.ts'

const attemptsMax = 3
const pauseMs = { first: 150, factor: 3 }

const briefCodes: ReadonlySet<number> = new Set([
  202, // TOO_MANY_SIMULTANEOUS_QUERIES
  203, // NO_FREE_CONNECTION
  210, // NETWORK_ERROR
  745, // SERVER_OVERLOADED
  999, // KEEPER_EXCEPTION
])
const briefNames: ReadonlySet<unknown> = new Set(['ECONNRESET', 'ECONNREFUSED', 'EPIPE'])

export async function retryRead<T>(
  read: () => Promise<T>,
  { pause = sleep, random = Math.random }: { pause?(ms: number): Promise<unknown>; random?(): number } = {},
): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await read()
    } catch (error) {
      if (attempt === attemptsMax || !isBrief(error)) throw error
    }
    // From half to whole, so that those whom one restart has cut off do not come back together.
    await pause(pauseMs.first * pauseMs.factor ** (attempt - 1) * (0.5 + random() / 2))
  }
}

function isBrief(error: unknown): boolean {
  if (!(error instanceof StoreError)) return false
  const { clickhouseCode, cause } = error
  if (clickhouseCode !== 0) return briefCodes.has(clickhouseCode)
  return cause instanceof Error && 'code' in cause && briefNames.has(cause.code)
}
