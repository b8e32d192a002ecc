// Keeps the fold to a share of the engine's time, so that loads and reports get theirs. A short burst is free, which lets a
// small day be folded at once.

export type Pace = {
  mayWork(): boolean
  /** `startedAt`: when the work began, by the same clock. */
  worked(startedAt: number): void
}

export function createPace({
  now,
  share,
  burstMs,
}: {
  now: () => number
  share: number
  burstMs: number
}): Pace {
  let creditMs = burstMs
  let seenAt = now()
  const accrue = () => {
    const at = now()
    creditMs = Math.min(burstMs, creditMs + Math.max(0, at - seenAt) * share)
    seenAt = at
  }
  return {
    mayWork() {
      accrue()
      return creditMs > 0
    },
    worked(startedAt) {
      accrue()
      creditMs -= Math.max(0, now() - startedAt)
    },
  }
}
