// What a run has to show, beside the thresholds that k6 itself held: each check with its figures, good or not.

import { findKnee, memoryTrend, percentile } from './analyse.mjs'

const achievedShare = 0.97
const failedShare = 0.01
/** Shorter than this, caches that fill look like a leak. */
const soakSecondsMin = 600
/** A leak is more than this, whatever the share. */
const growthBytesMin = 16 * 1024 * 1024
const lagSecondsMax = 5

const mib = bytes => `${(bytes / 1024 ** 2).toFixed(1)} MiB`

/** @returns {{ ok: boolean, text: string }[]} */
export function judge(run) {
  const { summary, reported } = run
  const checks = summary.thresholds.map(({ name, rule, ok }) => ({ ok, text: `${name} ${rule}` }))
  checks.sort((a, b) => (a.text < b.text ? -1 : 1))
  if (run.script === 'soak' || run.script === 'mixed') checks.push(judgeSent(summary))
  if (run.script === 'ramp') checks.push(judgeKnee(run))
  if (run.script === 'soak') checks.push(...judgeMemory(run))
  if (run.script === 'spike') checks.push(judgeLag(run))
  checks.push(judgeStored(summary, reported))
  return checks
}

/** The steps that were run, each with what it asked and got. */
export function judgeSteps({ plan, figures, p99Ms }) {
  const steps = plan.steps
    .map(({ name, rate }) => ({ asked: rate, ...figures.ofScenario(name) }))
    .filter(({ requests }) => requests > 0)
    .map(step => ({ ...step, achieved: (step.requests - step.failed) / plan.seconds }))
  return findKnee(steps, { p99Ms, achievedShare, failedShare })
}

function judgeKnee({ knee }) {
  if (!knee.knee) return { ok: false, text: 'knee: not even the first step held; begin with a lower --rate' }
  const { asked, p99Ms } = knee.knee
  const isLast = knee.steps.at(-1) === knee.knee
  const more = isLast ? ', and every step held: give it more --steps' : ''
  return { ok: true, text: `knee: ${asked} requests a second, p99 ${p99Ms.toFixed(1)} ms${more}` }
}

function judgeMemory({ samples, growthShare }) {
  const processes = [...new Set(samples.flatMap(({ memoryBytes }) => Object.keys(memoryBytes)))].sort()
  return processes.map(process => {
    const points = samples.flatMap(({ at, memoryBytes }) =>
      memoryBytes[process] ? [[at, memoryBytes[process]]] : [],
    )
    const { seconds, mean, grownBytes, grownShare } = memoryTrend(points)
    const isLong = seconds >= soakSecondsMin * 0.75
    const hourly = seconds === 0 ? 0 : (grownBytes / seconds) * 3600
    const isLeak = isLong && grownBytes > growthBytesMin && grownShare > growthShare
    const text = `memory of ${process}: ${mib(mean)}, slope ${mib(hourly)} an hour`
    return { ok: !isLeak, text: isLong ? text : `${text} (too short a run to be judged)` }
  })
}

/** In the last quarter of the run, when the spike has long been over. */
function judgeLag({ samples }) {
  const known = samples.filter(({ lagSeconds }) => lagSeconds !== undefined)
  const last = known.slice(-Math.max(1, Math.floor(known.length / 4)))
  const lag = percentile(
    last.map(({ lagSeconds }) => lagSeconds),
    50,
  )
  return { ok: lag !== undefined && lag <= lagSecondsMax, text: `lag is back at ${lag ?? '?'} s` }
}

/** Requests that came due while all virtual users waited were not sent: the rate was not what the run says. */
function judgeSent({ requests, unsent }) {
  const share = requests / Math.max(1, requests + unsent)
  return { ok: share >= achievedShare, text: `sent ${(100 * share).toFixed(1)} % of what was asked` }
}

/** Exactly, but for events whose answer never came (k6 was ended, the time was over, 503): those may be stored or not. */
function judgeStored({ acknowledged, inDoubt }, reported) {
  if (reported === acknowledged && inDoubt === 0) return { ok: true, text: 'acknowledged = reported' }
  if (reported >= acknowledged && reported <= acknowledged + inDoubt)
    return { ok: true, text: `acknowledged = reported, but for ${inDoubt} events without an answer` }
  const why =
    reported > acknowledged
      ? 'the site got other events meanwhile: use a site made for the test'
      : 'the reports do not count what was acknowledged'
  return { ok: false, text: `acknowledged ${acknowledged}, reported ${reported}: ${why}` }
}
