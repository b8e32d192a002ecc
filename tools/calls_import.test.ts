// Calls from files into the real product: over HTTP while it runs, by the command while it does not, cut off by a kill in the
// middle and imported again. What is counted is what the database has, and what the report says.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { askRows, readAllTables } from './testing/ask_database.ts'
import { type Product, startProduct, untilReported } from './testing/product.ts'
import { postBatch, sampleBatch } from './testing/sample_batch.ts'
import { searchFor } from './testing/search_bytes.ts'
import { waitUntil } from './testing/wait_until.ts'

const origin = 'https://www.example.com'
const number = '+40213000000'
const site = {
  id: 'shop',
  origins: [origin],
  mode: 'exempt',
  policy: 1,
  timezone: 'Europe/Bucharest',
  numbers: [number],
  minimumGroup: 1,
}
const sites = [site, { ...site, id: 'mute', numbers: [] }]

let folder: string
let product: Product

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'lightfoot-calls-'))
  product = await startProduct({ folder, config: { sites }, env: { LIGHTFOOT_LOG_LEVEL: 'debug' } })
})
afterAll(async () => {
  await product?.stop()
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
})

const dayMs = 24 * 3600_000
const ago = (ms: number) => new Date(Date.now() - ms).toISOString()
const file = (name: string, text: string) => {
  writeFileSync(join(folder, name), text)
  return join(folder, name)
}
const sum = (rows: readonly Record<string, unknown>[], column: string) =>
  rows.reduce((total, row) => total + Number(row[column]), 0)

/** Written so that each part of it is looked for. */
const callers = ['+40 21 777 31 42', '0264 777 314', '+49 (0)30 7773142', '0722-777-314']
const needles = ['777 31 42', '0264 777 314', '7773142', '722 777 314', 'zqcanary']
const yesterday = ago(dayMs)
const list = [
  'Time,Caller,Dialled,Seconds,Note',
  `${yesterday},"${callers[0]}",021 300 00 00,61,"Smith, ""zqcanary"""`,
  `${yesterday},${callers[1]},${number},30,`,
  `${yesterday},${callers[1]},${number},30,`,
  `${yesterday},${callers[2]},${number},10.5,`,
  `${yesterday},${callers[3]},${number},5,`,
  `${yesterday},,${number},7,zqcanary`,
  `yesterday,${callers[0]},${number},1,`,
  `${yesterday},${callers[0]},${callers[1]},1,`,
  `${yesterday},${callers[0]},${number},long,`,
  `${yesterday},"${callers[0]},${number},1,`,
  `${ago(-dayMs)},${callers[0]},${number},1,`,
  `${ago(400 * dayMs)},${callers[0]},${number},1,`,
].join('\r\n')
const refusedLines = [8, 9, 10, 11, 12, 13]

async function post(
  text: string,
  query = 'site=shop',
  type = 'text/csv',
): Promise<Record<string, unknown>[]> {
  const answer = await fetch(`${product.adminUrl}/api/import/calls?${query}`, {
    method: 'POST',
    headers: { 'content-type': type },
    body: text,
  })
  const body = await answer.text()
  expect(searchFor(needles).text('answer', body)).toEqual([])
  expect(answer.status, body).toBe(200)
  return body
    .trim()
    .split('\n')
    .map(line => JSON.parse(line))
}

test('a list over HTTP, beside a click; what is bad is told by its line, and twice is once', async () => {
  const batch = sampleBatch('shop', origin)
  const click = { type: 'click', page: 0, seq: 1, at: 2, kind: 'tel', href: 'tel:+40-21-300-00-00' } as const
  await postBatch(product.publicUrl, origin, { ...batch, events: [...batch.events, click] })

  const dry = await post(list, 'site=shop&dry=1')
  expect(dry.at(-1)).toMatchObject({ finished: true, calls: 6, refused: 6 })
  const told = await post(list)
  expect(told.at(-1)).toEqual({ finished: true, lines: 13, calls: 6, repeated: 0, refused: 6 })
  expect(told.flatMap(({ line, problem }) => (line === undefined ? [] : [[line, problem]]))).toEqual(
    ['time', 'dialled', 'seconds', 'unreadable', 'future', 'too_old'].map((problem, at) => [
      refusedLines[at],
      problem,
    ]),
  )
  expect((await post(list)).at(-1)).toMatchObject({ finished: true, calls: 0, repeated: 6 })

  await untilReported(product)
  const rows = await product.report('calls', 'shop')
  expect([sum(rows, 'clicks'), sum(rows, 'calls')]).toEqual([1, 6])
  const calls = rows.filter(({ calls }) => calls !== 0)
  expect(calls.every(({ dialled }) => dialled === number)).toBe(true)
  const places = calls.map(
    ({ country, area, calls, seconds }) => `${country} ${area}: ${calls}, ${seconds} s`,
  )
  expect(places.sort()).toEqual([
    ' : 1, 7 s',
    'DE +49 30: 1, 11 s',
    'RO +40 21: 1, 61 s',
    'RO +40 264: 2, 60 s',
    'RO : 1, 5 s',
  ])
})

test.each<[string, string, string, number, string]>([
  ['no site', '', 'text/csv', 400, 'wrong_parameter'],
  ['a site without numbers', 'site=mute', 'text/csv', 400, 'wrong_parameter'],
  ['another type', 'site=shop', 'text/plain', 415, 'wrong_type'],
])('%s is refused before a line is read', async (_name, query, type, status, code) => {
  const answer = await fetch(`${product.adminUrl}/api/import/calls?${query}`, {
    method: 'POST',
    headers: { 'content-type': type },
    body: list,
  })
  expect([answer.status, JSON.parse(await answer.text()).error.code]).toEqual([status, code])
})

test('a list without names of columns says so', async () => {
  const [last] = await post(list.split('\n').slice(1).join('\n'))
  expect(last).toMatchObject({ finished: false })
  expect(String(last?.message)).toMatch(/name the columns/)
})

/** As many as a kill can interrupt, of two days at most: each day more takes the fold seconds. */
const many = 12_000
const longList = () => {
  const start = Date.now() - 20 * 3600_000
  const lines = Array.from({ length: many }, (_, n) => {
    const time = new Date(start + n * 5000).toISOString()
    return JSON.stringify({
      time,
      caller: `+4021777${String(n).padStart(4, '0').slice(-4)}`,
      dialled: number,
      seconds: 2,
    })
  })
  return lines.join('\n')
}

test('cut off by a kill of the engine and imported again, each call is there once', async () => {
  const path = file('many.ndjson', longList())
  const first = product.cli(['import', 'calls', path, '--site', 'shop'])
  const spooled = async () => {
    const { spool } = (await (await fetch(`${product.adminUrl}/api/status`)).json()) as {
      spool: { bytes: number }
    }
    return spool.bytes > 200_000
  }
  await waitUntil('a part is in the spool', spooled, 30_000)
  product.kill('engine')
  const cut = await first
  expect([cut.status, cut.stdout]).toEqual([1, ''])
  expect(cut.stderr.trim().split('\n').at(-1)).toMatch(/^lightfoot: .*(answer|import)/)
  await waitUntil(
    'the engine is back',
    async () => (await fetch(`${product.adminUrl}/readyz`).catch(() => undefined))?.ok === true,
    30_000,
  )

  const again = await product.cli(['import', 'calls', path, '--site', 'shop'])
  expect([again.status, again.stderr]).toEqual([0, expect.not.stringContaining('line')])
  const [, calls, repeated] = /^(\d+) calls imported, (\d+) were there already/.exec(again.stdout) ?? []
  expect(Number(calls)).toBeGreaterThan(0)
  expect(Number(repeated)).toBeGreaterThan(0)
  expect(Number(calls) + Number(repeated)).toBe(many)
  await untilReported(product)
  expect(sum(await product.report('calls', 'shop'), 'calls')).toBe(many + 6)
}, 120_000)

test('while nothing runs, the command opens the data itself; no caller’s number is anywhere', async () => {
  await product.stop()
  const path = file('few.csv', `${list}\n${yesterday},${callers[0]},${number},62,\n`)
  const lightfoot = (...more: string[]) => product.cli(['import', 'calls', path, '--site', 'shop', ...more])
  const dry = await lightfoot('--dry-run')
  expect(dry.stdout).toBe('1 calls would be imported, 6 were there already\n')
  const done = await lightfoot()
  expect([done.status, done.stdout]).toEqual([1, '1 calls imported, 6 were there already\n'])
  expect(done.stderr.trim().split('\n')).toEqual([
    ...refusedLines.map(line => expect.stringMatching(new RegExp(`^line ${line}: `))),
    'lightfoot: 6 lines were left out',
  ])
  expect((await lightfoot()).stdout).toBe('0 calls imported, 7 were there already\n')

  const [row] = await askRows<{ calls: string; names: string }>(
    product.dataDirectory,
    "select count() as calls, uniqExact(page) as names from events where type = 'call' and consent = 'imported' and channel = 'import'",
  )
  expect([Number(row?.calls), Number(row?.names)]).toEqual([many + 7, many + 7])
  const output = product.output() + dry.stdout + dry.stderr + done.stdout + done.stderr
  expect(searchFor(needles).text('output', output)).toEqual([])
  expect(searchFor(needles).directory(product.dataDirectory)).toEqual([])
  const tables = new Map(await readAllTables(product.dataDirectory))
  // Seven digits may be anywhere in a row's hash, which has up to twenty.
  const isInHash = ({ around, needle }: { around: string; needle: string }) =>
    around.match(/\d{16,20}/g)?.some(hash => hash.includes(needle)) ?? false
  const found = () =>
    [...tables]
      .flatMap(([table, rows]) => searchFor(needles).bytes(table, rows))
      .filter(hit => !isInHash(hit))
  expect(found()).toEqual([])
  // The search would find one.
  tables.set('planted', Buffer.from(`a\t${callers[1]}\n`))
  expect(found()).not.toEqual([])
}, 120_000)

test.each<[string, string[], RegExp]>([
  ['another thing to import', ['import', 'faxes', 'a.csv'], /what can be imported is: calls/],
  ['another kind of file', ['import', 'calls', 'a.txt'], /named \.csv/],
  ['a site without numbers', ['import', 'calls', 'few.csv', '--site', 'mute'], /declares no numbers/],
])('%s is a usage error', async (_name, args, message) => {
  const { status, stderr } = await product.cli(args)
  expect([status, stderr]).toEqual([2, expect.stringMatching(message)])
})
