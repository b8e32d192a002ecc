// How long to wait before a child that died is started again: not at all when it had worked for a while, longer and longer
// when it keeps dying at its start.

export const backoff = { firstMs: 100, maxMs: 10_000, lifeMs: 3000 } as const

/** `restartDelayMs(1) → 0`, then 100 ms, doubling with each death that was not made up for. */
export function restartDelayMs(deaths: number): number {
  return deaths <= 1 ? 0 : Math.min(backoff.maxMs, backoff.firstMs * 2 ** Math.min(deaths - 2, 20))
}

/**
 * Deaths so far, each `lifeMs` of life making up for one. The longest start, an engine's, takes about a second, so a child
 * that lives three seconds and dies, for ever, is away for a quarter of the time at most; one that cannot start at all
 * soon waits `maxMs`.
 */
export function countDeaths(deaths: number, livedMs: number): number {
  return Math.max(0, deaths - Math.floor(livedMs / backoff.lifeMs)) + 1
}
