// `kill -9` of the engine in the middle of folds, which must change no answer: of one that is asked for, and of one that
// replaces a day whose rows have just grown. Kills under load, of every process, are in tools/faults/kill_rounds.test.ts.

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { countReported, isReady, type Product, startProduct } from '../../tools/testing/product.ts'
import { type SteadyLoad, steadyLoad } from '../../tools/testing/steady_load.ts'
import { untilFolded, waitUntil } from '../../tools/testing/wait_until.ts'
import { reportNames } from '../reports/run_report.ts'

const origin = 'https://www.example.com'
const site = { id: 'shop', origins: [origin], mode: 'exempt', policy: 1, minimumGroup: 1 }
const senders = 4
const roundMs = 120_000
const replacingMs = 80
/** A fold rests four times as long as it worked, which on a busy machine is half a minute. */
const meetMs = 60_000

let product: Product
let load: SteadyLoad

beforeAll(async () => {
  product = await startProduct({ config: { sites: [site] }, env: { LIGHTFOOT_WORKERS: '2' } })
  load = steadyLoad(product.publicUrl, origin, 'shop', senders)
  load.resume()
  await sleep(800)
  await load.pause()
  await untilFolded(product)
})

afterAll(async () => {
  await product?.stop()
})

/** Until the day has been folded again; the answer tells when. */
async function foldAgain(): Promise<void> {
  const day = (offset: number) => new Date(Date.now() + offset * 86_400_000).toISOString().slice(0, 10)
  const response = await fetch(`${product.adminUrl}/api/fold`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ from: day(-4), to: day(1) }),
  })
  expect(await response.text()).toContain('"finished":true')
}

async function allReports(): Promise<Record<string, string[]>> {
  const answers: Record<string, string[]> = {}
  for (const name of reportNames) {
    const rows = await product.report(name, 'shop')
    answers[name] = rows.map(row => JSON.stringify(row)).sort()
  }
  return answers
}

/** What four reports say of the same events, from one state of the rollups: between the first and the last nothing was folded. */
async function oneState(): Promise<Record<'views' | 'clicks' | 'exits', [total: number, own: number]>> {
  const sum = (rows: Record<string, unknown>[], column: string) =>
    rows.reduce((total, row) => total + Number(row[column]), 0)
  for (;;) {
    const totals = await product.report('totals', 'shop')
    const flows = await product.report('flows', 'shop')
    const actions = await product.report('actions', 'shop')
    const exits = await product.report('exits', 'shop')
    if (JSON.stringify(await product.report('totals', 'shop')) !== JSON.stringify(totals)) continue
    const total = (type: string) =>
      sum(
        totals.filter(row => row.type === type),
        'events',
      )
    return {
      views: [total('pageview'), sum(flows, 'views')],
      clicks: [total('click'), sum(actions, 'clicks')],
      // Pages that told of no exit are in the report beside those that did.
      exits: [
        total('exit'),
        sum(
          exits.filter(row => !/^hidden/.test(String(row.method))),
          'exits',
        ),
      ],
    }
  }
}

describe('kill -9 of the engine in the middle of a fold', () => {
  let before: Record<string, string[]>
  let foldMs = 0
  let metReplacing = 0

  async function killAndWait(): Promise<void> {
    product.kill('engine')
    await sleep(100)
    await waitUntil('the engine is back', () => isReady(product.adminUrl))
  }

  test('a fold again changes no answer', async () => {
    before = await allReports()
    expect(before.totals?.length).toBeGreaterThan(4)
    const startedAt = performance.now()
    await foldAgain()
    foldMs = performance.now() - startedAt
    expect(await allReports()).toEqual(before)
  })

  test.each([1, 2])(
    'at a random moment, round %i: every answer is as before',
    async () => {
      const folding = foldAgain().catch(() => {})
      await sleep(Math.random() * foldMs)
      await killAndWait()
      await folding
      await untilFolded(product)
      expect(await allReports()).toEqual(before)
    },
    roundMs,
  )

  test.each([1, 2])(
    'while new rows replace the day, round %i: no report is ahead of another',
    async () => {
      if (await isMetReplacing()) metReplacing++
      await killAndWait()
      for (const [total, own] of Object.values(await oneState())) expect(own).toBe(total)
      await untilFolded(product)
      expect(await countReported(product)).toBe(load.acknowledged.events)
    },
    roundMs,
  )

  test('some kills met the replacing', () => {
    expect(metReplacing).toBeGreaterThan(0)
  })
})

/** Sends rows until their fold is met while it replaces the day: on a fast machine one may be over too soon. */
async function isMetReplacing(): Promise<boolean> {
  const deadline = Date.now() + meetMs
  while (Date.now() < deadline) {
    load.resume()
    await sleep(250)
    await load.pause()
    if (await isReplacing(deadline)) return true
  }
  return false
}

/** Waits until the journal says so, which it does before the first partition is replaced. */
async function isReplacing(deadline: number): Promise<boolean> {
  const file = join(product.dataDirectory, 'fold/state.json')
  const isNow = () => JSON.parse(readFileSync(file, 'utf8')).folding !== null
  for (; Date.now() < deadline; await sleep(1)) {
    if (!isNow()) continue
    // Ten partitions take a while; the kill may meet any of them.
    await sleep(Math.random() * replacingMs)
    return isNow()
  }
  return false
}
