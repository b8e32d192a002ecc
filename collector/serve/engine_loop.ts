// The engine's loop: load what the spool holds, fold what became dirty, rest when there is nothing to do. A database that
// is away is tried again after a pause; what waits for it lies safely in the spool.

import { setTimeout as sleep } from 'node:timers/promises'
import { type Store, StoreError } from '../store/store.ts'
import type { Exclusive } from './exclusive.ts'

export type LoopParts = {
  readonly store: Pick<Store, 'isSound'>
  readonly loader: { tick(): Promise<boolean> }
  readonly folder: { tick(): Promise<boolean> }
  readonly exclusive: Exclusive
  readonly signal: AbortSignal
  logError(error: unknown, where: string): void
}

const damaged = 'the embedded database could not write all of its files: it is opened anew'
const idleMs = 100
const pause = { firstMs: 500, maxMs: 10_000 } as const

/**
 * Resolves when the signal is given and the tick that runs then is done. Rejects when the database is damaged in a way that
 * only another process can mend.
 */
export async function engineLoop(parts: LoopParts): Promise<void> {
  let failures = 0
  while (!parts.signal.aborted) {
    const done = await turn(parts)
    failures = done === 'failed' ? failures + 1 : 0
    if (failures > 0)
      await rest(Math.min(pause.maxMs, pause.firstMs * 2 ** Math.min(failures - 1, 10)), parts.signal)
    else if (!done) await rest(idleMs, parts.signal)
  }
}

/** Was there anything to do? */
async function turn(parts: LoopParts): Promise<boolean | 'failed'> {
  const { store, loader, folder, exclusive, signal } = parts
  // Only a clear no ends the process. A question that fails is a failure like others: it may pass.
  const isSound = await attempt(parts, 'ask whether the database is sound', () => store.isSound())
  if (isSound === 'failed') return isSound
  if (!isSound) {
    const error = new StoreError('unavailable', damaged, 0)
    parts.logError(error, damaged)
    throw error
  }
  const loaded = await attempt(parts, 'load', () => exclusive(loader.tick))
  const folded = signal.aborted ? false : await attempt(parts, 'fold', () => exclusive(folder.tick))
  return loaded === 'failed' || folded === 'failed' ? 'failed' : loaded || folded
}

async function attempt(
  { logError }: LoopParts,
  where: string,
  work: () => Promise<boolean>,
): Promise<boolean | 'failed'> {
  try {
    return await work()
  } catch (error) {
    logError(error, where)
    return 'failed'
  }
}

async function rest(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal }).catch(() => {})
}
