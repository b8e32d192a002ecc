// Fault: rows that the database refuses. No pipeline makes them, so they are forged into the spool of a real product: they
// are set aside and told of without a word of theirs, the rest goes in, and once the cause is mended they are replayed, over
// the running server and without one.

import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { packageRoot } from '../../collector/config/package_root.ts'
import { askDatabase, askRows } from '../testing/ask_database.ts'
import { forgeSegment } from '../testing/forge_segment.ts'
import { type Product, startProduct } from '../testing/product.ts'
import { runProgram } from '../testing/run_program.ts'
import { postBatch, sampleBatch } from '../testing/sample_batch.ts'
import { searchFor } from '../testing/search_bytes.ts'
import { spoolRecord } from '../testing/spool_records.ts'

const origin = 'https://www.example.com'
const site = { id: 'shop', origins: [origin], mode: 'exempt', policy: 1, minimumGroup: 1 }
/** In every refused row; the database quotes what it refuses. */
const secret = 'zqpoison-of-a-visitor'
const find = () => searchFor([secret])

let folder: string
let product: Product
/** Everything that was printed or answered. */
const told: [string, string][] = []

const start = async () => {
  product = await startProduct({ folder, config: { sites: [site] }, env: { LIGHTFOOT_LOG_LEVEL: 'debug' } })
}

/** The log of a process is told as well. */
async function stop(): Promise<void> {
  await product.stop()
  told.push(['log', product.output()])
}

async function cli(...args: string[]): Promise<{ status: number | null; stdout: string; stderr: string }> {
  const ran = await product.cli(args)
  told.push([args.join(' '), ran.stdout + ran.stderr])
  return ran
}

async function ask(path: string, options: RequestInit = {}): Promise<{ status: number; text: string }> {
  const response = await fetch(product.adminUrl + path, options)
  const text = await response.text()
  told.push([path, text])
  return { status: response.status, text }
}

/** What a person would have done to the table, and undone. */
async function alterEvents(dataDirectory: string, change: string): Promise<void> {
  await askDatabase(
    dataDirectory,
    [
      `alter table events ${change}`,
      'drop table events_check',
      'create table events_check as events engine = Null',
    ].map(sql => ({ sql, format: null })),
  )
}

async function views(): Promise<Record<string, number>> {
  const rows = await product.report('pages', 'shop')
  return Object.fromEntries(rows.map(row => [String(row.path ?? row.page), Number(row.views)]))
}

const sound = (number: number) => spoolRecord(number, { values: { path: '/sound' } })
const mendable = (number: number) =>
  spoolRecord(number, { values: { path: '/mended', status: '700', title: secret } })
const hopeless = (number: number) => spoolRecord(number, { values: { path: '/hopeless', day: secret } })

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'lightfoot-poison-'))
  const data = join(folder, 'data')
  const env = { ...process.env, LIGHTFOOT_CONFIG: '', LIGHTFOOT_DATA: data }
  const main = join(packageRoot(), 'dist/collector/main.js')
  expect((await runProgram(process.execPath, [main, 'migrate'], { cwd: folder, env })).status).toBe(0)
  await alterEvents(data, 'add constraint mendable check status < 600')
  await start()
})
afterAll(async () => {
  await product?.stop()
  rmSync(folder, { recursive: true, force: true })
})

test('nothing is set aside at first', async () => {
  const [all, one] = await Promise.all([cli('spool', 'replay'), cli('spool', 'replay', '1000000900')])
  expect(all).toEqual({ status: 0, stdout: 'nothing was set aside\n', stderr: '' })
  expect([one.status, one.stderr]).toEqual([1, 'lightfoot: nothing is set aside of load 1000000900\n'])
})

test('refused rows are set aside, and the rest goes in', async () => {
  forgeSegment(join(product.dataDirectory, 'spool'), [
    sound(1),
    mendable(2),
    sound(3),
    hopeless(4),
    mendable(5),
    sound(6),
  ])
  expect((await postBatch(product.publicUrl, origin, sampleBatch('shop', origin, 1, '/live'))).status).toBe(
    202,
  )
  await expect.poll(views, { timeout: 50_000, interval: 200 }).toEqual({ '/sound': 3, '/live': 1 })
})

test('status, spool status, doctor and /metrics tell how many and why', async () => {
  const status = JSON.parse((await ask('/api/status')).text)
  expect(status.spool).toMatchObject({ rejects: 1, rejectedRows: 3 })
  expect(status.spool.rejectReason).toMatch(/^ClickHouse: \w+ \(code \d+\)$/)
  expect(status.load).toMatchObject({ state: 'idle', drops: { refused_row: 3 } })
  const [listed, checked, verified] = await Promise.all([
    cli('spool', 'status'),
    cli('doctor'),
    cli('spool', 'verify'),
  ])
  expect(listed.stdout).toMatch(
    /^rejects +3 rows that ClickHouse refused, in 1 files; the newest for: ClickHouse: \w+ \(code \d+\)$/m,
  )
  expect(checked.stdout).toContain('1 refused lie aside')
  const metrics = (await ask('/metrics')).text
  expect(metrics).toMatch(/^lightfoot_rejected_rows 3$/m)
  expect(metrics).toMatch(/^lightfoot_events_dropped_total\{reason="refused_row"[^}]*\} 3$/m)
  expect(verified.stdout).toMatch(/^whole +rejects\/\d{10}\.ndjson .* rows that ClickHouse refused$/m)
})

test('a replay before anything is mended leaves them aside, with the reasons', async () => {
  const { status, stdout, stderr } = await cli('spool', 'replay')
  expect(status).toBe(1)
  expect(stdout).toMatch(
    /^load \d{10}: 0 rows replayed; 2 refused again: ClickHouse: VIOLATED_CONSTRAINT \(code 469\); 1 refused again: ClickHouse: \w+ \(code \d+\)$/m,
  )
  expect(stderr).toBe('lightfoot: 3 rows were refused again and stay set aside in rejects/\n')
})

test('the route is guarded as the others are, and takes what it knows', async () => {
  const json = { 'content-type': 'application/json' }
  const post = (body: string, headers: Record<string, string> = json) =>
    ask('/api/spool/replay', { method: 'POST', headers, body })
  expect((await post('{}', { ...json, 'sec-fetch-site': 'cross-site' })).status).toBe(403)
  expect((await post('{}', { 'content-type': 'text/plain' })).status).toBe(415)
  expect((await post(JSON.stringify({ load: secret }))).status).toBe(400)
  expect((await post(JSON.stringify({ loads: [secret] }))).status).toBe(400)
  expect((await post('{"loads":[1999999999]}')).text).toBe('{"finished":true}\n')
  expect((await ask('/api/spool/replay')).status).toBe(404)
})

test('once mended, they are replayed through the running server', async () => {
  await stop()
  await alterEvents(product.dataDirectory, 'drop constraint mendable')
  await start()
  const [file = ''] = readdirSync(join(product.dataDirectory, 'rejects'))
  const { status, stdout, stderr } = await cli('spool', 'replay', file)
  expect([status, stderr]).toEqual([
    1,
    'lightfoot: 1 rows were refused again and stay set aside in rejects/\n',
  ])
  expect(stdout).toMatch(/^load \d{10}: 2 rows replayed; 1 refused again: ClickHouse: \w+ \(code \d+\)$/m)
  await expect
    .poll(views, { timeout: 50_000, interval: 200 })
    .toEqual({ '/sound': 3, '/live': 1, '/mended': 2 })
})

test('and without one', async () => {
  await stop()
  await alterEvents(product.dataDirectory, 'add constraint mendable check status < 600')
  forgeSegment(join(product.dataDirectory, 'spool'), [mendable(8)])
  expect((await cli('spool', 'replay')).stdout).toMatch(/0 rows replayed.*\n.*0 rows replayed/)
  await alterEvents(product.dataDirectory, 'drop constraint mendable')
  expect((await cli('spool', 'replay')).stdout).toMatch(/0 rows replayed.*\n.*1 rows replayed/)
  const [row] = await askRows(
    product.dataDirectory,
    `select count() as rows, uniqExact(page, seq) as events, countIf(path = '/mended') as mended from events`,
  )
  expect(row).toEqual({ rows: '7', events: '7', mended: '3' })
})

test('no log line, answer, metric or file beside the rows themselves holds anything of them', () => {
  expect(told.length).toBeGreaterThan(15)
  expect(told.flatMap(([place, text]) => find().text(place, text))).toEqual([])
  // The title of the replayed rows is in the database, compressed; nothing else is left.
  const places = new Set(
    find()
      .directory(product.dataDirectory)
      .map(({ place }) => place.split('/')[0]),
  )
  places.delete('database')
  expect([...places]).toEqual(['rejects'])
})
