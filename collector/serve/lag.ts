// How far the database is behind what was acknowledged. The engine tells up to when all is in, the acceptors when they
// acknowledged last, the supervisor passes both on; so each process can say it, also while the engine is dead.

/** Clock readings in milliseconds. */
export type Progress = {
  /** All that was acknowledged until then is in the database; undefined before the engine has said anything. */
  readonly loadedUntil?: number | undefined
  /** Nothing was acknowledged since. */
  readonly acknowledgedAt: number
}

/** How long ago was the latest moment up to which everything acknowledged is in the database? Null: not known yet. */
export function lagSeconds({ loadedUntil, acknowledgedAt }: Progress, now: number): number | null {
  if (loadedUntil === undefined) return null
  if (acknowledgedAt <= loadedUntil) return 0
  // A clock that was set back is before both.
  return Math.max(0, Math.round((now - loadedUntil) / 100) / 10)
}

/** The later of two moments. One that has not come yet is from before the clock was set back, and says nothing. */
export function later(known: number | undefined, told: number, now: number): number {
  return known === undefined || known > now ? told : Math.max(known, told)
}

/** Watches a count that grows with each acknowledgement; says when it grew last, as exactly as it is asked. */
export function watchAcknowledged(count: () => number, now: () => number): () => number {
  let seen = count()
  let at = now()
  return () => {
    const [current, clock] = [count(), now()]
    // What was acknowledged before the clock was set back is not of the future.
    if (current !== seen || at > clock) at = clock
    seen = current
    return at
  }
}
