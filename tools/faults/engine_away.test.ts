// Fault: the engine is away for 60 s while load goes on: stopped by SIGSTOP, then killed, and every successor killed while it
// starts. Events are taken all the time, the lag is told, and afterwards everything is stored, each event once. In the short
// form (tools/testing/test_rounds.ts) it is away for 15 s.

import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createRandom } from '../../collector/commands/demo_random.ts'
import type { Product } from '../testing/product.ts'
import { fullOrShort } from '../testing/test_rounds.ts'
import { waitUntil } from '../testing/wait_until.ts'
import { checkStopped } from '../torture/check_stopped.ts'
import { enginePid } from '../torture/engine_pid.ts'
import { createStand, type Stand } from '../torture/stand.ts'
import { type TortureLoad, tortureLoad } from '../torture/torture_load.ts'
import { untilEqual } from '../torture/until_equal.ts'

const stoppedMs = fullOrShort(45_000, 9000)
const killedMs = fullOrShort(15_000, 6000)
const awaySecondsInAll = (stoppedMs + killedMs) / 1000
/** Two cores with fifteen programs at work took more than a minute for one fold of what had waited. */
const withinMs = 120_000
/** A start takes longer than this, so no successor comes to load anything. */
const lifeMs = { min: 20, max: 400 } as const

const random = createRandom(Date.now() % 1_000_000)
let stand: Stand
let product: Product
let load: TortureLoad

beforeAll(async () => {
  stand = await createStand()
  product = await stand.start()
  load = tortureLoad({ url: stand.publicUrl, random, betweenMs: 25 })
})

afterAll(async () => {
  await load?.end()
  await product?.stop()
  stand?.remove()
})

/** Of the public listener, which says all the time that events can be accepted durably. */
async function lagSeconds(): Promise<number> {
  const response = await fetch(`${stand.publicUrl}/readyz`)
  expect(response.status).toBe(200)
  const { lagSeconds: lag } = (await response.json()) as { lagSeconds: number | null }
  return lag ?? 0
}

async function metric(pattern: RegExp): Promise<number> {
  const text = await (await fetch(`${stand.adminUrl}/metrics`)).text()
  return Number(pattern.exec(text)?.[1])
}

/** Kills each engine soon after its start, for so long. Gives back how many there were. */
async function killAllOf(ms: number): Promise<number> {
  const known = new Set<number>()
  for (const end = performance.now() + ms; performance.now() < end; await sleep(5)) {
    const pid = enginePid(product.pids().supervisor)
    if (pid === undefined || known.has(pid)) continue
    if (known.size > 0) await sleep(random.whole(lifeMs.min, lifeMs.max))
    known.add(pid)
    process.kill(pid, 'SIGKILL')
  }
  return known.size
}

test(`the engine is away for ${awaySecondsInAll} s: events are taken, the lag grows, nothing is lost or doubled`, async () => {
  load.resume()
  await waitUntil('load', () => load.batches() > 50)
  const stopped = enginePid(product.pids().supervisor)
  if (stopped === undefined) throw new Error('there is no engine')
  process.kill(stopped, 'SIGSTOP')
  const awayAt = performance.now()
  const awaySeconds = () => (performance.now() - awayAt) / 1000
  while (awaySeconds() * 1000 < stoppedMs) {
    await sleep(3000)
    // What was loaded last may have been a few seconds old; then the lag is as long as the engine is away.
    expect(await lagSeconds()).toBeGreaterThan(awaySeconds() - 3)
  }
  const before = load.batches()
  const kills = await killAllOf(killedMs)
  expect(kills).toBeGreaterThan(fullOrShort(3, 1))
  expect(load.batches()).toBeGreaterThan(before + 100)
  expect(await lagSeconds()).toBeGreaterThan(awaySeconds() - 5)
  expect(load.unanswered()).toBe(0)

  const backAt = performance.now()
  const lags: number[] = []
  await waitUntil('the lag is short again, under load', async () => {
    lags.push(await lagSeconds())
    return (lags.at(-1) ?? 0) < 5
  })
  const caughtUpSeconds = (performance.now() - backAt) / 1000
  expect(await metric(/lightfoot_process_restarts_total\{process="engine"\} (\d+)/)).toBe(kills)
  await Promise.race([load.pause(), load.refused])
  const { differences } = await untilEqual(load.sums, { stand, withinMs })
  expect(differences).toEqual([])
  await waitUntil('nothing lags', async () => (await lagSeconds()) === 0)
  expect(await metric(/lightfoot_lag_seconds (\d+)/)).toBe(0)
  const equalSeconds = (performance.now() - backAt) / 1000
  console.log(
    `${load.events()} events, ${kills} kills; lag ${Math.max(...lags)} s, ` +
      `caught up ${caughtUpSeconds.toFixed(1)} s after the last kill, folded after ${equalSeconds.toFixed(1)} s`,
  )
  expect(await checkStopped(product, load)).toEqual([])
}, 360_000)
