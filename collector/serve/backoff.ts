// How long to wait before a child that died is started again: short at first, longer when it keeps dying, short again
// after it has lived for a while.

export const backoff = { firstMs: 100, maxMs: 10_000, healthyMs: 30_000 } as const

/** `delayMs(0, …) → 100`, doubling with each death that came soon after its start. */
export function restartDelayMs(soonDeaths: number): number {
  return Math.min(backoff.maxMs, backoff.firstMs * 2 ** Math.min(soonDeaths, 20))
}

/** Deaths in a row, none of which lived long; a long life starts the count anew. */
export function countDeaths(soonDeaths: number, livedMs: number): number {
  return livedMs >= backoff.healthyMs ? 0 : soonDeaths + 1
}
