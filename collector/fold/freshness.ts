// When a dirty day is folded again. A day that gets rows all the time is dirty all the time, and each fold reads all its
// rows: a small one is folded again at once, a large one after a rest that grows with what the last fold took. With 10 M
// rows, folding would otherwise take a fifth of the engine's time for as long as visitors come; so it takes a twentieth.

export type Freshness = {
  /** These days have new rows. */
  marked(days: readonly string[]): void
  /** What a fold of the day took, now that it is done. */
  folded(day: string, workMs: number): void
  isDue(day: string): boolean
}

/** A fold of so long needs no rest. */
const freeMs = 1000
const restsPerWork = 20
/** A report is not older than this and the time that a fold takes. */
const restMsMax = 5 * 60_000
/** Loads mark a day every two seconds while events come; when none has come for so long, the fold is the last. */
const quietMs = 5000

/** `now`: milliseconds of a clock that nobody sets. */
export function createFreshness(now: () => number): Freshness {
  const markedAt = new Map<string, number>()
  const restsUntil = new Map<string, number>()
  return {
    marked(days) {
      for (const day of days) markedAt.set(day, now())
    },
    folded(day, workMs) {
      const restMs = Math.min(restMsMax, Math.max(0, workMs - freeMs) * restsPerWork)
      if (restMs > 0) restsUntil.set(day, now() + restMs)
      else restsUntil.delete(day)
    },
    isDue(day) {
      const until = restsUntil.get(day)
      const marked = markedAt.get(day)
      const isDue = until === undefined || now() >= until || marked === undefined || now() - marked >= quietMs
      // Neither map grows with the days that there ever were.
      if (isDue) for (const times of [markedAt, restsUntil]) times.delete(day)
      return isDue
    },
  }
}
