// `kill -9` under load: of an acceptor, of the engine, of the supervisor, of all at once. After each, the raw rows and every
// rollup hold what was acknowledged, each event once. And of the engine in the middle of folds, which must change no answer.

import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { askRows } from '../../tools/testing/ask_database.ts'
import { freePorts } from '../../tools/testing/free_ports.ts'
import { countReported, isReady, type Product, startProduct } from '../../tools/testing/product.ts'
import { type SteadyLoad, steadyLoad } from '../../tools/testing/steady_load.ts'
import { untilFolded, waitUntil } from '../../tools/testing/wait_until.ts'
import { reportNames } from '../reports/run_report.ts'

const origin = 'https://www.example.com'
const site = { id: 'shop', origins: [origin], mode: 'exempt', policy: 1, minimumGroup: 1 }
const senders = 4
const roundMs = 120_000
const replacingMs = 80

let folder: string
let product: Product
let load: SteadyLoad
let start: () => Promise<Product>

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'lightfoot-durability-'))
  // The same ports after a restart: the senders know one address.
  const [port, adminPort] = await freePorts(2)
  const env = {
    LIGHTFOOT_WORKERS: '2',
    LIGHTFOOT_PORT: String(port),
    LIGHTFOOT_ADMIN_PORT: String(adminPort),
  }
  start = () => startProduct({ folder, config: { sites: [site] }, env })
  product = await start()
  load = steadyLoad(product.publicUrl, origin, 'shop', senders)
})

afterAll(async () => {
  product?.kill('all')
  await product?.stop()
  rmSync(folder, { recursive: true, force: true })
})

type Kill = { readonly name: string; readonly isEndOfProduct?: boolean; kill(): Promise<void> | void }

const kills: readonly Kill[] = [
  { name: 'an acceptor', kill: killAcceptor },
  { name: 'both acceptors', kill: () => product.kill('acceptor') },
  { name: 'the engine', kill: () => product.kill('engine') },
  { name: 'the engine, just when a load has its manifest', kill: killAtManifest },
  { name: 'the engine, just when a load has its manifest, and an acceptor', kill: killBothAtManifest },
  { name: 'the supervisor', isEndOfProduct: true, kill: () => product.kill('supervisor') },
  { name: 'all at once', isEndOfProduct: true, kill: () => product.kill('all') },
  { name: 'all at once, just when a load has its manifest', isEndOfProduct: true, kill: killAllAtManifest },
]

describe('kill -9 under load', () => {
  test.each(kills)(
    '$name',
    async ({ kill, isEndOfProduct = false }) => {
      const before = load.acknowledged.events
      load.resume()
      await sleep(500 + Math.random() * 1500)
      await kill()
      if (isEndOfProduct) {
        await product.ended()
        product = await start()
      }
      const atKill = load.acknowledged.events
      await waitUntil('events are taken again', () => load.acknowledged.events > atKill + 20)
      await sleep(300)
      await load.pause()
      await waitUntil('the engine is back', () => isReady(product.adminUrl))
      await untilFolded(product)
      expect(load.acknowledged.events).toBeGreaterThan(before + 20)
      expect(await countReported(product)).toBe(load.acknowledged.events)
    },
    roundMs,
  )

  test('some batches were sent again because nobody knew their fate', () => {
    expect(load.acknowledged.retried).toBeGreaterThan(0)
  })
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
      exits: [total('exit'), sum(exits, 'exits')],
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

  test.each([1, 2, 3])(
    'while new rows replace the day, round %i: no report is ahead of another',
    async () => {
      load.resume()
      await sleep(400)
      await load.pause()
      if (await isReplacing()) metReplacing++
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

test(
  'every row and every rollup holds what was acknowledged, once',
  async () => {
    await product.stop()
    const { events, byType, activeMs } = load.acknowledged
    const of = (type: Parameters<typeof byType.get>[0]) => byType.get(type) ?? 0
    const ask = async (sql: string) => {
      const [row] = await askRows<Record<string, string>>(product.dataDirectory, sql)
      return Object.fromEntries(Object.entries(row ?? {}).map(([name, value]) => [name, Number(value)]))
    }
    expect(
      await ask(
        'select count() as rows, uniqExact(site, page, seq) as events, uniqExact(load) > 3 as loads from events',
      ),
    ).toEqual({ rows: events, events, loads: 1 })
    const types = await askRows<{ type: 'click'; n: string }>(
      product.dataDirectory,
      'select type, sum(events) as n from rollup_totals group by type',
    )
    expect(new Map(types.map(({ type, n }) => [type, Number(n)]))).toEqual(byType)
    expect(
      await ask(`select
      (select sum(views)     from rollup_pages)                                as views,
      (select sum(active_ms) from rollup_pages)                                as activeMs,
      (select sum(views)     from rollup_sources)                              as sources,
      (select sum(views)     from rollup_flows)                                as flows,
      (select sum(views)     from rollup_audience where dimension = 'browser') as audience,
      (select sum(clicks)    from rollup_actions)                              as clicks,
      (select sum(exits)     from rollup_exits)                                as exits,
      (select sum(errors)    from rollup_errors)                               as errors,
      (select sum(samples)   from rollup_timings where metric = 'load')        as timings`),
    ).toEqual({
      views: of('pageview'),
      activeMs,
      sources: of('pageview'),
      flows: of('pageview'),
      audience: of('pageview'),
      clicks: of('click'),
      exits: of('exit'),
      errors: of('error'),
      timings: of('timing'),
    })
  },
  roundMs,
)

function killAcceptor(): void {
  const [pid] = product.pids().acceptors
  if (pid === undefined) throw new Error('there is no acceptor')
  process.kill(pid, 'SIGKILL')
}

/** A manifest is durable before its insert: from here on it is in doubt whether the load is in. */
async function untilManifest(): Promise<void> {
  const loads = join(product.dataDirectory, 'loads')
  const list = () => (existsSync(loads) ? readdirSync(loads).filter(name => name.endsWith('.json')) : [])
  const known = new Set(list())
  // Often: the insert takes a few milliseconds.
  for (const deadline = Date.now() + 20_000; Date.now() < deadline; ) {
    if (list().some(name => !known.has(name))) return
    await sleep(1)
  }
  throw new Error('no load was made within 20 s')
}

async function killAtManifest(): Promise<void> {
  await untilManifest()
  product.kill('engine')
}

async function killBothAtManifest(): Promise<void> {
  await untilManifest()
  product.kill('engine')
  killAcceptor()
}

async function killAllAtManifest(): Promise<void> {
  await untilManifest()
  product.kill('all')
}

/** Waits until the journal says so, which it does before the first partition is replaced. False: it was over too soon. */
async function isReplacing(): Promise<boolean> {
  const file = join(product.dataDirectory, 'fold/state.json')
  const isNow = () => JSON.parse(readFileSync(file, 'utf8')).folding !== null
  for (const deadline = Date.now() + 20_000; Date.now() < deadline; ) {
    if (isNow()) {
      // Ten partitions take a while; the kill may meet any of them.
      await sleep(Math.random() * replacingMs)
      return isNow()
    }
    await sleep(1)
  }
  return false
}
