// What run.mjs asks of a script: where to send, as whom, how much and for how long. For k6, which is not Node.

export const plan = JSON.parse(__ENV.PLAN)

/** Virtual users for a rate of requests: enough for answers of 100 ms at once, and for 250 ms when it comes to that. */
export function usersFor(rate) {
  const clamp = (users, min, max) => Math.ceil(Math.min(max, Math.max(min, users)))
  return { preAllocatedVUs: clamp(rate / 10, 20, 200), maxVUs: clamp(rate / 4, 100, 500) }
}

/** Requests come at this rate whatever the answers take, as visitors do. */
export function atRate(rate, seconds) {
  const duration = `${seconds}s`
  return {
    executor: 'constant-arrival-rate',
    rate,
    timeUnit: '1s',
    duration,
    gracefulStop: '5s',
    ...usersFor(rate),
  }
}

export const common = {
  // Those that run.mjs reads; every other would only make the stream of figures longer.
  systemTags: ['status', 'scenario', 'expected_response'],
  summaryTrendStats: ['med', 'p(95)', 'p(99)', 'max'],
}
