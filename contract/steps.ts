// The steps to which figures are coarsened before consent, and the edges in which durations are counted in every
// rollup. The tracker quantises and carries the remainder; the collector only checks; SQL bins by the same edges.

/** Engaged and visible time in exempt mode, milliseconds. */
export const engagementStepMs = 5000

/** Scroll in exempt mode: the last decile of each quarter of the document. Deciles are 1 (top tenth) to 10. */
export const scrollQuartiles = [3, 5, 8, 10] as const

/** Lower edges of the buckets of response times and vitals, milliseconds: a bucket is named by its lower edge. */
export const durationEdgesMs = [
  0, 10, 25, 50, 75, 100, 150, 200, 300, 400, 500, 600, 800, 1000, 1200, 1500, 1800, 2500, 3000, 4000, 6000,
  10_000, 20_000, 60_000,
] as const

/** Lower edges of the number of search results: none, 1, 2–5, 6–20, 21–100, more. */
export const resultEdges = [0, 1, 2, 6, 21, 101] as const

/** The greatest edge that is not above the value: `bucketOf(durationEdgesMs, 130) → 100`. */
export function bucketOf(edges: readonly number[], value: number): number {
  let edge = edges[0] ?? 0
  for (const candidate of edges) {
    if (candidate > value) break
    edge = candidate
  }
  return edge
}

/** Lower edges of the buckets of Cumulative Layout Shift, which is a ratio: up to 0.1 is good, over 0.25 poor. */
export const shiftEdges = [0, 0.01, 0.025, 0.05, 0.1, 0.15, 0.25, 0.5, 1] as const

/** Lower edges of the buckets of screen width, CSS pixels; a bucket is named by its lower edge. */
export const screenEdges = [
  0, 320, 360, 390, 414, 480, 600, 768, 1024, 1280, 1360, 1440, 1600, 1920, 2560, 3840,
] as const

/** Classes of screen width before consent: what fits in a hand, on a lap, on a desk. */
export function screenClassOf(width: number): 'small' | 'medium' | 'large' {
  if (width < 600) return 'small'
  return width < 1200 ? 'medium' : 'large'
}
