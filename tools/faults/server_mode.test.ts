// Fault: the product with a ClickHouse server that refuses connections, breaks them in a request and in an answer, answers
// nothing, answers 500 before and after it has done what it was asked, is slow, and is killed; all under load and over TLS.
// Nothing is lost, nothing doubled, the lag is told, and the log says it in few words.

import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createRandom } from '../../collector/commands/demo_random.ts'
import { openStore } from '../../collector/store/open_store.ts'
import type { Store } from '../../collector/store/store.ts'
import {
  type ClickhouseHttpServer,
  type Fault,
  startClickhouseHttpServer,
} from '../testing/clickhouse_http_server.ts'
import { type Product, startProduct } from '../testing/product.ts'
import { testCertificate } from '../testing/test_certificate.ts'
import { fullOrShort } from '../testing/test_rounds.ts'
import { waitUntil } from '../testing/wait_until.ts'
import type { Row } from '../torture/ask_engine.ts'
import { config } from '../torture/batches.ts'
import { type TortureLoad, tortureLoad } from '../torture/torture_load.ts'
import { untilEqual } from '../torture/until_equal.ts'

const awayMs = fullOrShort(8000, 6000)
const metMin = 2
const withinMs = 45_000
const faults: readonly Fault[] = [
  'cut',
  'cut_after',
  'fail_after',
  'unavailable',
  'silent',
  'silent_after',
  'slow',
]
/** Some statements get through, or no load would come as far as the fault that is meant. */
const share = 0.5

const folder = mkdtempSync(join(tmpdir(), 'lightfoot-server-mode-'))
let server: ClickhouseHttpServer
let product: Product
let load: TortureLoad
let store: Store

beforeAll(async () => {
  const certificate = await testCertificate()
  const ca = join(folder, 'ca.pem')
  writeFileSync(ca, certificate.ca)
  server = await startClickhouseHttpServer(join(folder, 'server'), certificate)
  store = await openStore({ dataDirectory: folder, clickhouseUrl: server.url, clickhouseCa: ca })
  const env = {
    LIGHTFOOT_CLICKHOUSE_URL: server.url,
    LIGHTFOOT_CLICKHOUSE_CA: ca,
    LIGHTFOOT_CLICKHOUSE_TIMEOUT: '2',
  }
  product = await startProduct({ folder, config, env })
  load = tortureLoad({ url: product.publicUrl, random: createRandom(Date.now() % 1_000_000), betweenMs: 60 })
}, 60_000)

afterAll(async () => {
  await load?.end()
  await product?.stop()
  await store?.close()
  await server?.close()
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
})

async function lagSeconds(): Promise<number> {
  const response = await fetch(`${product.publicUrl}/readyz`)
  expect(response.status).toBe(200)
  return ((await response.json()) as { lagSeconds: number | null }).lagSeconds ?? 0
}

async function lastLoad(): Promise<number> {
  const response = await fetch(`${product.adminUrl}/api/status`)
  return ((await response.json()) as { load: { lastLoad: number } }).load.lastLoad
}

async function lagMetric(): Promise<number> {
  const text = await (await fetch(`${product.adminUrl}/metrics`)).text()
  return Number(/^lightfoot_lag_seconds (\S+)$/m.exec(text)?.[1])
}

test('a server with every fault: events are taken, the lag is told, nothing is lost or doubled', async () => {
  load.resume()
  await waitUntil('load', () => load.batches() > 50)
  await server.leave()
  await sleep(awayMs)
  expect(await lagSeconds()).toBeGreaterThan(awayMs / 1000 - 3)
  expect(await lagMetric()).toBeGreaterThan(awayMs / 1000 - 3)
  await server.comeBack()
  await server.restart()
  for (const fault of faults) {
    server.fail(fault, share)
    await waitUntil(`${fault} is met`, () => (server.seen.met.get(fault) ?? 0) >= metMin)
    // And goes on by itself; or the pauses between tries would grow from fault to fault, to half a minute.
    server.fail(undefined)
    const before = await lastLoad()
    await waitUntil(`a load after ${fault}`, async () => (await lastLoad()) > before)
  }
  await server.restart()
  await waitUntil('the lag is short again, under load', async () => (await lagSeconds()) < 5)

  await Promise.race([load.pause(), load.refused])
  expect(load.unanswered()).toBe(0)
  const ask = async (statements: readonly string[]) => {
    const answers: Row[][] = []
    for (const sql of statements) answers.push(await store.query<Row>(sql))
    return answers
  }
  const stand = { adminUrl: product.adminUrl, ask }
  expect((await untilEqual(load.sums, { stand, withinMs })).differences).toEqual([])
  await waitUntil('nothing lags', async () => (await lagSeconds()) === 0)

  product.kill('supervisor', 'SIGTERM')
  expect(await product.ended()).toBe(0)
  const aside = ['spool/quarantine', 'rejects'].map(name => join(product.dataDirectory, name))
  expect(aside.flatMap(path => (existsSync(path) ? readdirSync(path) : []))).toEqual([])
  const lines = product.output().split('\n')
  const said = lines.filter(line => line.includes('"msg":"the database'))
  expect(said[0]).toMatch(/is away \(ECONNREFUSED|ECONNRESET/)
  expect(said.at(-1)).toMatch(/is back after \d+ s/)
  expect(said.length).toBeLessThan(60)
  expect(product.output()).not.toMatch(/p:ss|p%3Ass|insert into|select /)
  console.log(`${load.events()} events; ${said.length} lines:\n${said.slice(0, 6).join('\n')}`)
}, 300_000)
