// Waits for something that other processes do. Tests wait for a state, never for a time.

import { setTimeout as sleep } from 'node:timers/promises'
import type { Product } from './product.ts'

/** Asks again until the answer is true; an error counts as not yet. Rejects with `what` after `timeoutMs`. */
export async function waitUntil(
  what: string,
  isThere: () => Promise<boolean> | boolean,
  timeoutMs = 60_000,
): Promise<void> {
  const deadline = Date.now() + timeoutMs
  for (;;) {
    const isNow = await Promise.resolve()
      .then(isThere)
      .catch(() => false)
    if (isNow) return
    if (Date.now() > deadline) throw new Error(`${what}: not within ${timeoutMs / 1000} s`)
    await sleep(100)
  }
}

/** The parts of GET /api/status that say whether anything is still under way. */
type Status = {
  spool: { bytes: number }
  load: { state: string; waitingRows: number; lastLoad: number; rows: number } | null
  fold: { dirtyDays: string[]; folding: string | null } | null
}

/**
 * Everything acknowledged so far is in the database and in the rollups: no byte of the spool waits and no day is dirty. Where
 * bytes wait for ever, such as a newer version's, the loader says idle twice with the same figures instead; `gap` is longer
 * than its own rest. Whoever calls this has stopped sending.
 */
export async function untilFolded(product: Product, timeoutMs = 60_000): Promise<void> {
  const gapMs = 250
  let before = ''
  await waitUntil(
    'everything is loaded and folded',
    async () => {
      const { spool, load, fold } = await status(product)
      const isQuiet = load?.state === 'idle' && fold?.folding === null && fold.dirtyDays.length === 0
      if (isQuiet && spool.bytes === 0) return true
      const now = isQuiet ? `${load.lastLoad} ${load.rows}` : ''
      const isSame = now !== '' && now === before
      before = now
      if (!isSame) await sleep(gapMs)
      return isSame
    },
    timeoutMs,
  )
}

async function status(product: Product): Promise<Status> {
  const response = await fetch(`${product.adminUrl}/api/status`)
  return (await response.json()) as Status
}
