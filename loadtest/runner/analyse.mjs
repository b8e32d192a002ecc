// The arithmetic of a run: percentiles, the slope of a series, the knee of a ramp.

/** Of values in any order; nearest rank, as the p-th percent of them are at most this. Undefined of nothing. */
export function percentile(values, p) {
  if (values.length === 0) return undefined
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.max(0, Math.ceil((p / 100) * sorted.length) - 1)]
}

/** By least squares, in y per x: `[[0, 1], [2, 5]] → 2`. 0 of fewer than two points. */
export function slope(points) {
  const mean = index => points.reduce((sum, point) => sum + point[index], 0) / points.length
  const [meanX, meanY] = [mean(0), mean(1)]
  const spread = points.reduce((sum, [x]) => sum + (x - meanX) ** 2, 0)
  if (points.length < 2 || spread === 0) return 0
  return points.reduce((sum, [x, y]) => sum + (x - meanX) * (y - meanY), 0) / spread
}

/**
 * Does each step hold, and which is the last that does? A step holds when nearly all that was asked was answered well, and
 * in time. The highest one counts, also where a lower one did not: a pause of the machine is no knee.
 */
export function findKnee(steps, { p99Ms, achievedShare, failedShare }) {
  const judged = steps.map(step => {
    const failed = step.requests === 0 ? 1 : step.failed / step.requests
    const faults = []
    if (step.achieved < step.asked * achievedShare)
      faults.push(`${Math.round((100 * step.achieved) / step.asked)} % of what was asked`)
    if (failed > failedShare) faults.push(`${(100 * failed).toFixed(1)} % failed`)
    if (!(step.p99Ms <= p99Ms)) faults.push(`p99 over ${p99Ms} ms`)
    return { ...step, holds: faults.length === 0, why: faults.join(', ') }
  })
  return { steps: judged, knee: judged.findLast(({ holds }) => holds) }
}

/** Two steps in a row that do not hold: what comes after them only harms. */
export function isOver(judged) {
  const last = judged.slice(-2)
  return last.length === 2 && last.every(({ holds }) => !holds)
}

/**
 * How a process's memory moves, without the first fifth, in which caches fill: what it would grow over the time looked at,
 * and as a share of its mean.
 */
export function memoryTrend(points) {
  const from = points[0]?.[0] ?? 0
  const to = points.at(-1)?.[0] ?? 0
  const settled = points.filter(([x]) => x >= from + (to - from) / 5)
  const mean = settled.reduce((sum, [, bytes]) => sum + bytes, 0) / Math.max(1, settled.length)
  const seconds = (settled.at(-1)?.[0] ?? 0) - (settled[0]?.[0] ?? 0)
  const grownBytes = slope(settled) * seconds
  return { seconds, mean, grownBytes, grownShare: mean === 0 ? 0 : grownBytes / mean }
}
