// The few figures by which samples are told: quantiles, spread, slope.

/** Linear between neighbours, as most programs do: the median of [1, 2] is 1.5. NaN of nothing. */
export function quantile(values, share) {
  const sorted = [...values].sort((a, b) => a - b)
  const at = (sorted.length - 1) * share
  const low = sorted[Math.floor(at)] ?? Number.NaN
  const high = sorted[Math.ceil(at)] ?? Number.NaN
  return low + (high - low) * (at - Math.floor(at))
}

export function median(values) {
  return quantile(values, 0.5)
}

/** Median, lowest and highest, and the middle half. */
export function spread(values) {
  return {
    median: median(values),
    lowest: quantile(values, 0),
    highest: quantile(values, 1),
    quarter: quantile(values, 0.25),
    threeQuarters: quantile(values, 0.75),
  }
}

/** Of the straight line that fits [x, y] best: by how much y grows when x grows by 1. */
export function slope(points) {
  const mean = index => points.reduce((sum, point) => sum + point[index], 0) / points.length
  const [x, y] = [mean(0), mean(1)]
  const above = points.reduce((sum, point) => sum + (point[0] - x) * (point[1] - y), 0)
  const below = points.reduce((sum, point) => sum + (point[0] - x) ** 2, 0)
  return below === 0 ? 0 : above / below
}

/** `0.4213 → 0.42`, `26754.3 → 26754`: three digits that mean something. */
export function rounded(value) {
  if (!Number.isFinite(value) || Math.abs(value) >= 100) return Math.round(value)
  return Number(value.toPrecision(3))
}
