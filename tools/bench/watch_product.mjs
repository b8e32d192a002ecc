// What the product tells while it is under load for minutes, and the pace that follows from it.

import { writeFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { residentBytes } from './processes.mjs'
import { showProgress } from './progress.mjs'
import { mapValues } from './shares.mjs'

const sampleMs = 1000
/** The report costs the engine something, so it is asked less often. */
const reportEvery = 10
/** Before that the averages say nothing. */
const startSeconds = 10
const pace = { keepsUpSeconds: 3, behindSeconds: 6, faster: 1.02, slower: 0.95 }

/** Samples every second; `end` gives them. `plan.follows`: the pace in `plan.paceFile` is set by what they say. */
export function watchProduct(lightfoot, plan) {
  const series = []
  let isOver = false
  const startedAt = performance.now()
  const watching = (async () => {
    let { perSecond } = plan
    while (!isOver) {
      const sample = await takeSample(lightfoot, (performance.now() - startedAt) / 1000, series.length)
      sample.lagSeconds = lagOf(sample)
      series.push(sample)
      if (plan.follows) {
        perSecond = nextPace(perSecond, sample, series.at(-4))
        writeFileSync(plan.paceFile, String(perSecond))
      }
      showProgress(
        `${Math.round(sample.seconds)} s  ${sample.accepted} events accepted, the database ${sample.lagSeconds.toFixed(1)} s behind`,
      )
      await sleep(sampleMs)
    }
  })()
  // What it throws is thrown by `end`: until then the load goes on.
  watching.catch(() => {})
  return {
    async end() {
      isOver = true
      await watching
      showProgress('')
      return series
    },
  }
}

async function takeSample(lightfoot, seconds, index) {
  const [status, metric] = await Promise.all([lightfoot.status(), lightfoot.metrics()])
  return {
    seconds,
    accepted: metric('lightfoot_events_accepted_total'),
    records: metric('lightfoot_spool_records_total'),
    writtenBytes: metric('lightfoot_spool_written_bytes_total'),
    waitingBytes: status.spool.bytes,
    // The product's own word, coarser when there is a backlog.
    statedLag: metric('lightfoot_lag_seconds'),
    reported: index % reportEvery === 0 ? await lightfoot.reported() : undefined,
    memory: mapValues(lightfoot.roles(), pids => residentBytes(pids) / 1e6),
  }
}

/** What waits in the spool, in seconds of what has come in on average: a little too much, as acceptors' figures come late. */
function lagOf({ seconds, writtenBytes, waitingBytes }) {
  return seconds < startSeconds || writtenBytes === 0 ? 0 : (waitingBytes / writtenBytes) * seconds
}

/** Not raised when the acceptors do not take even this one. */
function nextPace(perSecond, sample, earlier) {
  if (sample.lagSeconds > pace.behindSeconds) return perSecond * pace.slower
  const taken = earlier && (sample.records - earlier.records) / (sample.seconds - earlier.seconds)
  const isTaken = taken === undefined || taken > perSecond * 0.9
  return sample.lagSeconds < pace.keepsUpSeconds && isTaken ? perSecond * pace.faster : perSecond
}
