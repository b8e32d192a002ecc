// How many cores k6 and the collector took while k6 ran.

/** Undefined where it cannot be known: a system without /proc, or too few samples. */
export function cpuShare(samples) {
  const known = samples.filter(
    ({ cpuSeconds, k6CpuSeconds }) => k6CpuSeconds !== undefined && Object.keys(cpuSeconds).length > 0,
  )
  const [first, last] = [known[0], known.at(-1)]
  if (!first || !last || last.at <= first.at) return { k6: undefined, collector: undefined }
  const seconds = last.at - first.at
  const sum = ({ cpuSeconds }) => Object.values(cpuSeconds).reduce((total, value) => total + value, 0)
  return {
    k6: (last.k6CpuSeconds - first.k6CpuSeconds) / seconds,
    // A process that was started again begins at 0.
    collector: Math.max(0, sum(last) - sum(first)) / seconds,
  }
}
