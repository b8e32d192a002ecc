// Waits for something that other processes do. Tests wait for a state, never for a time.

import { setTimeout as sleep } from 'node:timers/promises'
import type { Product } from './product.ts'
import { askStatus, isAtRest } from './product_status.ts'

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
      const status = await askStatus(product.adminUrl)
      if (isAtRest(status)) return true
      const isQuiet = isAtRest(status && { ...status, spool: { bytes: 0 } })
      const now = isQuiet ? `${status?.load?.lastLoad} ${status?.load?.rows}` : ''
      const isSame = now !== '' && now === before
      before = now
      if (!isSame) await sleep(gapMs)
      return isSame
    },
    timeoutMs,
  )
}
