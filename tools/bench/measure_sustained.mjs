// The whole product for minutes: the demo's mix of visits sent in, loaded, folded and reported on this machine. At the end
// what the generator saw acknowledged, what the acceptors accepted, what is stored and what is reported are one number.
//
// Without --offered the pace follows the database: a little faster while it keeps up, slower when it falls behind. So the
// rate found is the one that the machine sustains, and the lag is bounded as long as there is such a rate.

import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { makeFolder, removeFolder } from './folders.mjs'
import { generate } from './generator.mjs'
import { metricsMs, startLightfoot } from './product.mjs'
import { mixedRequests } from './requests.mjs'
import { limitOf, watchShares } from './shares.mjs'
import { slope } from './statistics.mjs'
import { watchProduct } from './watch_product.mjs'

const connections = 256
const drainMs = 600_000
const firstEventsPerSecond = 40_000

export async function measureSustained({ minutes, offered }) {
  const lightfoot = await startLightfoot()
  const requests = await mixedRequests(lightfoot.port)
  const folder = makeFolder()
  const plan = planOf({ requests, minutes, offered, paceFile: path.join(folder, 'pace') })
  const startedAt = performance.now()
  const watch = watchProduct(lightfoot, plan)
  const endShares = watchShares(lightfoot.roles())
  const sent = await generate({ port: lightfoot.port, connections, counting: true, ...plan.load })
  const shares = endShares(sent.cpuMs)
  const loadSeconds = plan.load.seconds
  const drainedAt = performance.now()
  await untilReported(lightfoot, sent.accepted)
  const drainSeconds = (performance.now() - drainedAt) / 1000
  const series = await watch.end()
  const counts = await countsOf(lightfoot, sent)
  const foldShare =
    (await lightfoot.metrics())('lightfoot_fold_duration_seconds_sum') /
    ((performance.now() - startedAt) / 1000)
  await lightfoot.stop()
  removeFolder(folder)
  return summarise({ series, counts, sent, shares, loadSeconds, drainSeconds, foldShare })
}

function planOf({ requests, minutes, offered, paceFile }) {
  const eventsEach = requests.reduce((sum, { events }) => sum + events, 0) / requests.length
  const perSecond = (offered ?? firstEventsPerSecond) / eventsEach
  const follows = offered === undefined
  if (follows) writeFileSync(paceFile, String(perSecond))
  return {
    follows,
    paceFile,
    perSecond,
    load: { requests, seconds: Math.round(minutes * 60), ...(follows ? { paceFile } : { perSecond }) },
  }
}

/** Loaded, folded, and in the report; or as far as it comes in ten minutes. */
async function untilReported(lightfoot, wanted) {
  const deadline = performance.now() + drainMs
  for (;;) {
    const { spool, load, fold } = await lightfoot.status()
    const isAtRest =
      spool.bytes === 0 && load?.state === 'idle' && fold?.dirtyDays.length === 0 && !fold.folding
    if (isAtRest && (await lightfoot.reported()) >= wanted) return
    // At rest and still too few: nothing more will come.
    if (performance.now() > deadline) return
    if (isAtRest) await sleep(5000)
    if (isAtRest && (await lightfoot.status()).spool.bytes === 0) return
    await sleep(500)
  }
}

async function countsOf(lightfoot, { accepted }) {
  await sleep(metricsMs)
  const metric = await lightfoot.metrics()
  return {
    acknowledged: accepted,
    accepted: metric('lightfoot_events_accepted_total'),
    stored: metric('lightfoot_insert_rows_total'),
    reported: await lightfoot.reported(),
  }
}

function summarise({ series, counts, sent, shares, loadSeconds, drainSeconds, foldShare }) {
  const underLoad = series.filter(({ seconds }) => seconds <= loadSeconds)
  // The first half fills caches and makes the first parts; what grows in the second goes on growing.
  const later = underLoad.slice(underLoad.length >> 1)
  const all = ({ memory }) => Object.values(memory).reduce((sum, value) => sum + value, 0)
  const highest = role => Math.round(Math.max(...series.map(({ memory }) => memory[role])))
  const perMinute = pick => slope(later.map(sample => [sample.seconds / 60, pick(sample)]))
  const maxLag = Math.max(...underLoad.map(({ lagSeconds }) => lagSeconds))
  const lagSlope = perMinute(({ lagSeconds }) => lagSeconds)
  const memoryMax = Math.max(...series.map(all))
  const memorySlope = perMinute(all)
  const eventsPerSecond = counts.acknowledged / loadSeconds
  const result = {
    name: 'sustained',
    loadSeconds,
    ...counts,
    failed: sent.failed,
    eventsPerSecond: Math.round(eventsPerSecond),
    requestsPerSecond: Math.round(sent.requests / loadSeconds),
    p50Ms: sent.p50Ms,
    p99Ms: sent.p99Ms,
    lagMaxSeconds: Number(maxLag.toFixed(1)),
    lagMaxByMetrics: Math.max(...underLoad.map(({ statedLag }) => statedLag)),
    lagSlopeSecondsAMinute: Number(lagSlope.toFixed(2)),
    drainSeconds: Math.round(drainSeconds),
    reportBehindMaxSeconds: Math.round(reportBehind(underLoad)),
    foldShareOfTime: Number(foldShare.toFixed(3)),
    memoryMaxMb: Math.round(memoryMax),
    memorySlopeMbAMinute: Number(memorySlope.toFixed(1)),
    engineMaxMb: highest('engine'),
    acceptorsMaxMb: highest('acceptors'),
    supervisorMaxMb: highest('supervisor'),
  }
  const overTime = thinned(series, all)
  console.table(overTime)
  console.table(Object.entries(result).map(([what, value]) => ({ what, value })))
  const isEqual = new Set(Object.values(counts)).size === 1
  return {
    results: [{ ...result, overTime }],
    goals: [
      {
        name: `events/s sustained for ${Math.round(loadSeconds / 6) / 10} minutes, loaded and folded`,
        least: 40_000,
        aim: 60_000,
        value: eventsPerSecond,
        remark: `the database at most ${result.lagMaxSeconds} s behind, changing by ${result.lagSlopeSecondsAMinute} s a minute; ${limitOf(shares)}`,
      },
      {
        name: 'all processes meanwhile, resident MB',
        most: 1000,
        value: memoryMax,
        remark: `changing by ${result.memorySlopeMbAMinute} MB a minute in the second half`,
      },
    ],
    wrong: [
      ...(isEqual ? [] : [`sustained: counts differ: ${JSON.stringify(counts)}`]),
      ...(sent.failed > 0 ? [`sustained: ${sent.failed} requests failed`] : []),
    ],
  }
}

/** How old the newest report was at worst: since when had the events been accepted that it counted? */
function reportBehind(series) {
  const ages = series
    .filter(({ reported }) => reported !== undefined)
    .map(
      ({ reported, seconds }) =>
        seconds - (series.findLast(({ accepted }) => accepted <= reported)?.seconds ?? 0),
    )
  return Math.max(0, ...ages)
}

/** About twenty points are enough for a curve. */
function thinned(series, all) {
  const step = Math.max(1, Math.floor(series.length / 20))
  return series
    .filter((_, index) => index % step === 0)
    .map(sample => ({
      seconds: Math.round(sample.seconds),
      accepted: sample.accepted,
      lagSeconds: Number(sample.lagSeconds.toFixed(1)),
      memoryMb: Math.round(all(sample)),
    }))
}
