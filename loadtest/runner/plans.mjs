// What each script does with --rate and --duration: the plan that its k6 script reads, and how long it takes.

const spikeTimes = 10
const stepFactor = 1.5

/** Requests a second and seconds, where nothing else is asked. `p99Ms` is the threshold. */
export const defaults = {
  smoke: { duration: '10s', vus: 8, p99Ms: 1000 },
  ramp: { duration: '5s', rate: 100, steps: 12, p99Ms: 250 },
  soak: { duration: '30m', rate: 50, p99Ms: 500 },
  spike: { duration: '40s', rate: 50, p99Ms: 500 },
  mixed: { duration: '1m', rate: 100, p99Ms: 500 },
}

export const descriptions = {
  smoke: 'a few visitors, as fast as answers come',
  ramp: 'a rate that rises by half with each step, until it no longer holds: finds the knee',
  soak: 'one rate for long: memory and p99 stay where they are',
  spike: 'a base rate, ten times of it, and the base again: it recovers',
  mixed: 'traffic as it is: devices, consent, robots, compressed and bad requests',
}

/**
 * `seconds` is the length of the whole run, `requests` what it sends at most (undefined: as many as are answered).
 * @typedef {{ startSeconds: number, seconds: number }} Phase
 * @typedef {{ name: string, rate: number, startSeconds: number }} Step
 * @typedef {{ seconds: number, steps?: Step[], phases?: Record<string, Phase> }} Plan
 * @param {string} script
 * @param {{ seconds?: number, rate?: number, vus?: number, steps?: number, p99Ms?: number }} options
 * @returns {{ plan: Plan, seconds: number, requests: number | undefined }}
 */
export function makePlan(script, { seconds, rate, vus, steps: count, p99Ms }) {
  const plan = { seconds, rate, vus, p99Ms }
  if (script === 'ramp') {
    const steps = makeSteps(rate, count, seconds)
    const requests = steps.reduce((sum, step) => sum + step.rate * seconds, 0)
    return { plan: { ...plan, steps }, seconds: seconds * count, requests }
  }
  if (script === 'spike') {
    const phases = makePhases(seconds)
    const requests = rate * (seconds + (spikeTimes - 1) * phases.spike.seconds)
    return { plan: { ...plan, phases }, seconds, requests }
  }
  return { plan, seconds, requests: rate === undefined ? undefined : rate * seconds }
}

/** 100, 150, 225, … requests a second. */
function makeSteps(rate, count, seconds) {
  return Array.from({ length: count }, (_, index) => ({
    name: `step_${String(index + 1).padStart(2, '0')}`,
    rate: Math.round(rate * stepFactor ** index),
    startSeconds: index * seconds,
  }))
}

/** A quarter before, a quarter of spike, half of it to recover. */
function makePhases(seconds) {
  const quarter = Math.max(1, Math.round(seconds / 4))
  return {
    before: { startSeconds: 0, seconds: quarter },
    spike: { startSeconds: quarter, seconds: quarter, times: spikeTimes },
    after: { startSeconds: 2 * quarter, seconds: Math.max(1, seconds - 2 * quarter) },
  }
}
