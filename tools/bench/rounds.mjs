// Interleaved rounds: every run of a round is measured after the other, again and again, so that what else the machine does
// falls on all of them alike. While one server is measured the others are frozen; and before and after each run its own
// backlog is loaded, so that no run pays for the one before it.

import { generate } from './generator.mjs'
import { showProgress } from './progress.mjs'
import { cpuByRole, mapValues, watchShares } from './shares.mjs'
import { median, spread } from './statistics.mjs'

const warmUpSeconds = 1

/**
 * @param {{name: string, server: object, load: object, events: number}[]} runs `load` as for generate, without seconds
 * @returns {Promise<Map<string, object>>} by name: see summarise
 */
export async function interleave(runs, { rounds, seconds }) {
  const samples = new Map(runs.map(run => [run.name, []]))
  for (const server of new Set(runs.map(run => run.server))) server.freeze()
  // Round 0 warms up caches and compilers and is not counted.
  for (let round = 0; round <= rounds; round++) {
    for (const run of runs) {
      showProgress(`round ${round}/${rounds}  ${run.name}`)
      const sample = await measureOnce(run, round === 0 ? warmUpSeconds : seconds)
      if (round > 0) samples.get(run.name).push(sample)
    }
  }
  for (const server of new Set(runs.map(run => run.server))) server.thaw()
  showProgress('')
  return new Map(runs.map(run => [run.name, summarise(run, samples.get(run.name))]))
}

async function measureOnce({ server, load }, seconds) {
  server.thaw()
  await server.untilAtRest()
  const roles = server.roles()
  const before = cpuByRole(roles)
  const endShares = watchShares(roles)
  const sample = await generate({ port: server.port, seconds, ...load })
  const shares = endShares(sample.cpuMs)
  // Loading and folding go on after the last answer, and are of these requests too.
  await server.untilAtRest()
  const after = cpuByRole(roles)
  server.freeze()
  const cpuMicros = mapValues(after, (ms, role) => ((ms - before[role]) * 1000) / sample.requests)
  return { ...sample, cpuMicros, shares }
}

/** Medians over the rounds; shares are of one core, but for `machine`, which is of all. */
function summarise({ name, events }, samples) {
  const of = pick => median(samples.map(pick))
  const rate = spread(samples.map(sample => sample.requestsPerSecond))
  return {
    name,
    events,
    requestsPerSecond: Math.round(rate.median),
    lowestHighest: `${Math.round(rate.lowest)}–${Math.round(rate.highest)}`,
    middleHalf: `${Math.round(rate.quarter)}–${Math.round(rate.threeQuarters)}`,
    p50Ms: hundredth(of(sample => sample.p50Ms)),
    p99Ms: hundredth(of(sample => sample.p99Ms)),
    cpuMicros: mapValues(samples[0].cpuMicros, (_, role) => Math.round(of(sample => sample.cpuMicros[role]))),
    shares: mapValues(samples[0].shares, (_, role) => hundredth(of(sample => sample.shares[role]))),
    failed: samples.reduce((sum, sample) => sum + sample.failed, 0),
  }
}

function hundredth(value) {
  return Number(value.toFixed(2))
}

export function printResults(results) {
  console.table(
    results.map(({ name, events, cpuMicros, shares, ...result }) => ({
      run: name,
      'requests/s': result.requestsPerSecond,
      'lowest–highest': result.lowestHighest,
      'middle half': result.middleHalf,
      'events/s': result.requestsPerSecond * events,
      'p50 ms': result.p50Ms,
      'p99 ms': result.p99Ms,
      'CPU µs a request': texts(cpuMicros, value => value),
      'shares of a core': texts(shares, value => `${Math.round(value * 100)} %`),
      failed: result.failed,
    })),
  )
}

function texts(values, text) {
  return Object.entries(values)
    .map(([key, value]) => `${key} ${text(value)}`)
    .join(', ')
}

/** What must not be: a request that failed makes the figures of its run worthless. */
export function failuresOf(results) {
  return results
    .filter(({ failed }) => failed > 0)
    .map(({ name, failed }) => `${name}: ${failed} requests failed`)
}
