// Full addresses, e-mail addresses, tokens, phone numbers and names are planted in every header and every field that a
// client can fill, in every state of consent and in requests of every kind, and then looked for in every byte that the
// product has written: spool, keys, journals, database (its files, and decompressed every row of every table), the log,
// /metrics and all reports. The last tests plant leaks on purpose, so that it is known that the search can fail.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { reportFormats } from '../collector/reports/format_result.ts'
import { reportNames } from '../collector/reports/run_report.ts'
import type { Batch, BatchConsent } from '../contract/events.ts'
import { allPurposes, purposeBit, purposesOf } from '../contract/purposes.ts'
import { askDatabase, askRows, readAllTables } from './testing/ask_database.ts'
import { batchesOf, plantedEverywhere, plantedNames } from './testing/planted_batches.ts'
import { clientAddresses, personNames, plantKinds, plantNeedles, plants } from './testing/plants.ts'
import { type Product, startProduct } from './testing/product.ts'
import { newPageId, sampleAgent, sampleBatch } from './testing/sample_batch.ts'
import { type Hit, searchFor } from './testing/search_bytes.ts'
import { type Sent, sendRequest } from './testing/send_request.ts'
import { untilFolded } from './testing/wait_until.ts'

const origin = 'https://www.example.com'
const anyHost = 'https://*.tenants.example.com'
const site = {
  id: 'shop',
  origins: [origin, anyHost],
  mode: 'exempt',
  policy: 2,
  timezone: 'Europe/Bucharest',
  parameters: ['page'],
  search: { parameters: ['q'] },
  sensitive: ['/health/*'],
  events: ['Signed up'],
  numbers: ['+40213000000'],
  minimumGroup: 1,
}
const sites = [site, { ...site, id: 'strict', mode: 'strict' }, { ...site, id: 'quiet', gpc: 'objection' }]
const needles = [...plantNeedles]

let product: Product
let folder: string
/** Answers by what was asked, and how many events were taken. */
const answers: { what: string; sent: Sent }[] = []
let accepted = 0
let turn = 0

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'lightfoot-canary-'))
  product = await startProduct({
    folder,
    config: { sites },
    env: { LIGHTFOOT_TRUST_PROXY: '127.0.0.0/8', LIGHTFOOT_LOG_LEVEL: 'debug' },
  })
})

afterAll(async () => {
  await product?.stop()
  rmSync(folder, { recursive: true, force: true })
})

const find = () => searchFor(needles)

/** Readable when it fails: what was found, where, and what stands around it; one line a place and needle. */
function told(hits: readonly Hit[]): string[] {
  const lines = hits.map(hit => [
    `${hit.place}: ${hit.needle}`,
    `${hit.place}: ${hit.needle} (${hit.spelling}) …${hit.around}…`,
  ])
  return [...new Map(lines as [string, string][]).values()].slice(0, 40)
}

/** Everything that a client can say about itself beside the body. Each request says other things than the one before. */
function plantedHeaders(): Record<string, string> {
  const number = 100_000 + turn++
  const address = clientAddresses[turn % clientAddresses.length] ?? ''
  const kind = plantKinds[turn % plantKinds.length] ?? 'JWT'
  const secret = plants[kind](number).replace(/[^\x20-\x7e]/g, '@')
  const mail = plants['e-mail'](number)
  const name = personNames(number)
  return {
    'content-type': 'text/plain;charset=UTF-8',
    origin,
    // An e-mail address would make it a robot's; those are planted in sendWithoutConsent.
    'user-agent': `${sampleAgent} ${plants['hexadecimal token'](number)} ${plants.IPv4(number)} ${name}`,
    'x-forwarded-for': `${secret}, ${plants.IPv4(number)}, ${address}`,
    forwarded: `for="${address}";by=${plants.IPv4(number)};host=${mail}`,
    'x-real-ip': address,
    'x-client-ip': address,
    'cf-connecting-ip': address,
    'true-client-ip': address,
    referer: `${origin}/from/${encodeURIComponent(mail)}?token=${encodeURIComponent(secret)}`,
    cookie: `session=${encodeURIComponent(secret)}; user=${mail}; name=${encodeURIComponent(name)}`,
    authorization: `Bearer ${plants.JWT(number)}`,
    'accept-language': `ro-RO, x-${plants['session id'](number)};q=0.5`,
    from: mail,
    'x-request-id': plants.UUID(number),
    'x-session': secret,
    'if-none-match': `"${plants['session id'](number)}"`,
    via: `1.1 ${mail}`,
  }
}

async function send(what: string, path: string, options: SendOptions = {}): Promise<Sent> {
  const { url = product.publicUrl, method = 'POST', body, headers = {} } = options
  const merged = Object.entries({ ...plantedHeaders(), ...headers }).filter(
    ([, value]) => value !== undefined,
  )
  const given = { method, headers: Object.fromEntries(merged) }
  const sent = await sendRequest(url + path, body === undefined ? given : { ...given, body })
  answers.push({ what, sent })
  return sent
}

type SendOptions = {
  url?: string
  method?: string
  body?: string | Buffer
  headers?: Record<string, string | undefined>
}

/** Ids are planted too (of a few batches): none may be found as the client chose it. */
const needlesMax = plantNeedles.length + 15

async function sendBatch(batch: Batch, headers: SendOptions['headers'] = {}): Promise<Sent> {
  if (needles.length < needlesMax || batch.visitor !== undefined) {
    const ids = [batch.visitor ?? batch.batch, batch.pages[0]?.id ?? batch.batch]
    needles.push(...ids.slice(0, needlesMax + 15 - needles.length))
  }
  const sent = await send('a batch', '/v1/events', { body: JSON.stringify(batch), headers })
  expect(sent.status, sent.body).toBe(202)
  accepted += JSON.parse(sent.body).accepted
  return sent
}

async function grant(purposes: number, siteId = 'shop'): Promise<BatchConsent> {
  const body = JSON.stringify({ site: siteId, policy: 2, choice: 'grant', purposes: purposesOf(purposes) })
  const sent = await send('a grant', '/v1/consent', { body })
  const { receipt } = JSON.parse(sent.body)
  return { level: 'granted', purposes, policy: 2, signal: 'choice', receipt }
}

const exempt: BatchConsent = { level: 'exempt', purposes: 0, policy: 2, signal: 'default' }

const everywhere = (withCalls: boolean) => plantedEverywhere({ origin, anyHost, withCalls })

async function sendInEveryState(): Promise<void> {
  const withoutCalls = allPurposes & ~purposeBit('calls')
  for (const batch of batchesOf('shop', everywhere(false), exempt)) {
    await sendBatch(batch)
  }
  for (const batch of batchesOf('shop', plantedNames(origin), exempt)) await sendBatch(batch)
  const all = await grant(allPurposes)
  for (const batch of batchesOf('shop', everywhere(true), all)) {
    await sendBatch({ ...batch, visitor: `${newPageId()}${newPageId()}` })
  }
  const some = await grant(withoutCalls)
  const tel = everywhere(false).filter(({ fields }) => fields.type === 'click')
  for (const batch of batchesOf('shop', tel, some)) await sendBatch(batch)
  await sendWithoutConsent()
}

/** Nothing of these may be kept at all, so names are planted too. */
async function sendWithoutConsent(): Promise<void> {
  const few = [...plantedNames(origin), ...everywhere(false).slice(0, 150)]
  const before = accepted
  for (const batch of batchesOf('shop', few, exempt)) await sendBatch(batch, { cookie: 'lightfoot_off=1' })
  for (const batch of batchesOf('quiet', few, exempt)) await sendBatch(batch, { 'sec-gpc': '1' })
  for (const batch of batchesOf('strict', few, exempt)) await sendBatch(batch)
  const receipt = `v1.strict.2.127.20261123.1.${plants.JWT(1)}`
  const forged: BatchConsent = { level: 'granted', purposes: 127, policy: 2, signal: 'choice', receipt }
  for (const batch of batchesOf('strict', few, forged)) await sendBatch(batch)
  for (const batch of batchesOf('shop', few, exempt)) {
    await sendBatch(batch, { 'user-agent': `Googlebot/2.1 (${plants['e-mail'](1)})` })
  }
  const foreign = plantedNames('https://other.example')
  for (const batch of batchesOf('shop', foreign, exempt)) await sendBatch(batch)
  expect(accepted).toBe(before)
}

/** What may be kept, and so has to be found: else the search would prove nothing. */
async function sendVisible(): Promise<void> {
  const consent = await grant(allPurposes)
  const batch = sampleBatch('shop', origin, 1, '/visible-path')
  const headers = { 'x-forwarded-for': '203.0.113.177' }
  await sendBatch({ ...batch, consent: exempt })
  await sendBatch(
    {
      ...sampleBatch('shop', origin),
      consent,
      events: [
        { type: 'pageview', page: 0, seq: 0, at: 1, title: 'A kite for windy days' },
        { type: 'click', page: 0, seq: 1, at: 2, kind: 'tel', href: 'tel:+40-21-300.00.00' },
      ],
    },
    headers,
  )
}

const visible = ['/visible-path', 'A kite for windy days', '+40213000000', '203.0.113.0'] as const

/** Requests that are refused, each for another reason and at another stage. */
async function sendRefused(): Promise<void> {
  for (const [index, kind] of plantKinds.entries()) {
    const x = plants[kind](300_000 + index)
    const path = encodeURIComponent(x)
    const batch = { ...sampleBatch('shop', origin), consent: exempt }
    const json = JSON.stringify(batch)
    const events = (body: string | Buffer, headers: SendOptions['headers'] = {}) =>
      send(`refused: ${kind}`, `/v1/events?x=${path}`, { body, headers })
    const statuses = [
      await events(`${x} is not JSON`),
      await events(`{"v":1,"site":"shop","batch":"${x}`),
      await events(JSON.stringify({ ...batch, [x]: x })),
      await events(JSON.stringify({ ...batch, sent: x })),
      await events(JSON.stringify({ ...batch, device: { language: x.repeat(20) } })),
      await events(JSON.stringify({ ...batch, site: x.slice(0, 32) })),
      await events(JSON.stringify({ ...batch, pages: [{ id: x, url: x }] })),
      await events(JSON.stringify({ ...batch, events: [{ type: x, page: 0, seq: 0, at: 1 }] })),
      await events(json, { origin: `https://zqcanary.${encodeURIComponent(x).replace(/%/g, '')}.example` }),
      await events(json, { origin: undefined, referer: `https://other.example/${path}` }),
      await events(x.repeat(3000)),
      await events(gzipSync(x.repeat(30_000)), { 'content-encoding': 'gzip' }),
      await events(x, { 'content-encoding': 'gzip' }),
      await events(x, { 'content-encoding': path }),
      await events(x, { 'content-type': `text/${path}; boundary=${path}` }),
      await send('PUT', `/v1/events/${path}`, { method: 'PUT', body: x }),
    ].map(({ status }) => status)
    expect(Math.min(...statuses), `${kind}: ${statuses}`).toBeGreaterThanOrEqual(400)
    expect(Math.max(...statuses), `${kind}: ${statuses}`).toBeLessThan(500)
  }
}

async function sendChoices(): Promise<void> {
  for (const [index, kind] of plantKinds.entries()) {
    const x = plants[kind](400_000 + index)
    const choice = { site: 'shop', policy: 2, choice: 'grant', purposes: ['statistics'] }
    // From a network of its own, or the limit of a network's choices would keep most of them out of the ledger.
    const headers = { 'x-forwarded-for': `2001:db8:${100 + index}:cafe:5eed::${1 + index}` }
    const choose = async (change: object) => {
      const body = JSON.stringify({ ...choice, ...change })
      const { status } = await send(`a choice: ${kind}`, '/v1/consent', { body, headers })
      expect(status).not.toBe(429)
    }
    // What is refused, and what is taken as far as its form goes: a source is a short word.
    const short = x
      .toLowerCase()
      .replace(/[^a-z0-9_-]/g, '')
      .slice(0, 20)
    await choose({ source: short })
    await choose({ source: x })
    await choose({ site: x })
    await choose({ policy: x })
    await choose({ choice: x })
    await choose({ purposes: [x] })
    await choose({ [x]: x })
    await choose({ choice: 'object', source: short })
    await choose({ choice: 'withdraw', source: short })
    await send('a choice', '/v1/consent', { body: `{"site":"shop","source":"${x}` })
  }
}

async function askEverything(): Promise<void> {
  for (const [index, kind] of plantKinds.entries()) {
    const x = plants[kind](500_000 + index)
    const path = encodeURIComponent(x)
    const get = (where: string) => send(`GET: ${kind}`, where, { method: 'GET' })
    await get(`/${path}`)
    await get(`/v1/consent/${path}/proof`)
    await get(`/privacy?site=${path}&${path}=${path}`)
    await get(`/lightfoot.js?u=${path}`)
    await get(`/t/${path}/lightfoot.js`)
    await get(`/healthz?${path}`)
    // A smaller number: the last part of an IPv6 address has four digits, or it is none.
    const kept = encodeURIComponent(plants[kind](50_000 + index))
    const pixel = await get(`/v1/pixel.gif?site=shop&path=/${kept}%3F${path}&${path}=${path}`)
    expect([pixel.status, pixel.headers['lightfoot-outcome']]).toEqual([200, 'counted'])
    accepted++
    await get(`/v1/pixel.gif?site=${path}&path=${path}`)
    await get(`/demo/${path}`)
    await get(`/%E0%A4%A/${path}`)
    await send('a preflight', '/v1/events', {
      method: 'OPTIONS',
      headers: { 'access-control-request-headers': path },
    })
  }
  await speak(`zqcanary7 GET /\r\n\r\n`)
  await speak(`GET /${'a7f3c9e1b4d2'.repeat(3000)} HTTP/1.1\r\nHost: a\r\n\r\n`)
  await speak(`POST /v1/events HTTP/1.1\r\nHost: zqcanary8\r\nContent-Length: zqcanary\r\n\r\n`)
}

async function askPrivateListener(): Promise<void> {
  for (const [index, kind] of plantKinds.entries()) {
    const path = encodeURIComponent(plants[kind](600_000 + index))
    const ask = (where: string, options: SendOptions = {}) =>
      send(`private: ${kind}`, where, { url: product.adminUrl, method: 'GET', ...options })
    await ask(`/${path}`)
    await ask(`/api/reports/${path}?site=shop`)
    await ask(`/api/reports/pages?site=${path}`)
    await ask(`/api/reports/pages?site=shop&from=${path}&to=${path}&format=${path}`)
    await ask(`/api/reports/pages?site=shop&format=${path}`)
    await ask(`/api/snippet?site=${path}`)
    await ask(`/api/status?${path}`)
    await ask('/api/fold', { method: 'POST', body: JSON.stringify({ from: path, to: path }) })
    await ask('/api/spool/replay', { method: 'POST', body: JSON.stringify({ loads: [path] }) })
    await ask('/api/status', { headers: { host: `${path}.example`, origin: undefined } })
  }
  await importCalls()
}

/** One list for all: its answer waits until the calls are stored. */
async function importCalls(): Promise<void> {
  const at = new Date(Date.now() - 3_600_000).toISOString()
  const calls = plantKinds.flatMap((kind, index) => {
    const planted = plants[kind](600_000 + index)
    const path = encodeURIComponent(planted)
    return [`${at},"${planted}",+40213000000,${61 + index}`, `${path},${path},${path},${path}`]
  })
  const imported = await send('private: calls', '/api/import/calls?site=shop', {
    url: product.adminUrl,
    method: 'POST',
    headers: { 'content-type': 'text/csv' },
    body: ['time,caller,dialled,seconds', ...calls].join('\n'),
  })
  const { length } = plantKinds
  expect(JSON.parse(imported.body.trim().split('\n').at(-1) ?? '')).toMatchObject({
    calls: length,
    refused: length,
  })
  accepted += length
}

/** Bytes that are no good HTTP; whatever is answered. */
function speak(text: string): Promise<void> {
  return new Promise(resolve => {
    const socket = connect(Number(new URL(product.publicUrl).port), '127.0.0.1')
    socket.setTimeout(5000, () => socket.destroy())
    socket.on('data', () => socket.end())
    socket.on('error', () => {})
    socket.on('close', () => resolve())
    socket.write(text)
  })
}

describe('nothing that was planted is found', () => {
  test('in the spool, before anything is loaded', async () => {
    product.kill('engine', 'SIGSTOP')
    try {
      await sendVisible()
      await sendInEveryState()
      await sendRefused()
      await sendChoices()
      await askEverything()
      expect(
        new Set(
          searchFor(visible)
            .directory(product.dataDirectory)
            .map(({ needle }) => needle),
        ),
      ).toEqual(new Set(visible))
      expect(told(find().directory(product.dataDirectory))).toEqual([])
    } finally {
      product.kill('engine', 'SIGCONT')
    }
  }, 120_000)

  test('in what the loader and the fold leave', async () => {
    await untilFolded(product)
    await askPrivateListener()
    expect(accepted).toBeGreaterThan(3000)
    expect(told(find().directory(product.dataDirectory))).toEqual([])
  }, 120_000)

  test('in reports, /metrics, status, /privacy and the tracker', async () => {
    const texts = await everythingThatIsTold()
    expect(told(texts.flatMap(([place, text]) => find().text(place, text)))).toEqual([])
    expect(texts.filter(([, text]) => text.includes('/visible-path')).length).toBeGreaterThan(3)
  })

  test('in what the commands print', async () => {
    const from = ['--site', 'shop', '--from', '2020-01-01', '--to', '2099-01-01']
    const commands = [
      ['report', 'pages', ...from],
      ['spool', 'status'],
      ['spool', 'verify'],
      ['spool', 'replay'],
      ['doctor'],
    ]
    for (const args of commands) {
      const { stdout, stderr } = await product.cli(args)
      expect(told(find().text(args.join(' '), stdout + stderr))).toEqual([])
    }
  })

  test('in any answer', () => {
    const hits = answers.flatMap(({ what, sent }) => find().text(what, JSON.stringify(sent)))
    expect(told(hits)).toEqual([])
    expect(answers.length).toBeGreaterThan(500)
    expect(answers.filter(({ sent }) => sent.status >= 500)).toEqual([])
  })

  test('in the log, and no process has died', async () => {
    expect(told(find().text('log', product.output()))).toEqual([])
    const metrics = await (await fetch(`${product.adminUrl}/metrics`)).text()
    expect(metrics).not.toMatch(/lightfoot_process_restarts_total\{[^}]*\} [1-9]/)
  })

  test('in any row of any table, decompressed', async () => {
    await product.stop()
    const tables = await readAllTables(product.dataDirectory)
    const hits = [...tables].flatMap(([table, rows]) => find().bytes(table, rows))
    expect(told(hits)).toEqual([])
    // And all that may be kept is there: every event, and what the matrix allows of it.
    const [row] = await askRows<{ events: string }>(
      product.dataDirectory,
      'select count() as events from events',
    )
    expect(Number(row?.events)).toBe(accepted)
    const names = [...tables.keys()].filter(name => /\.(events|rollup_pages|rollup_actions)$/.test(name))
    expect(names.length).toBe(3)
    const kept = Buffer.concat([...tables.values()])
    expect(visible.filter(text => !kept.includes(text))).toEqual([])
  })

  test('in the data directory of the stopped product', () => {
    expect(told(find().directory(product.dataDirectory))).toEqual([])
  })
})

async function everythingThatIsTold(): Promise<[string, string][]> {
  const texts: [string, string][] = []
  const ask = async (url: string) => {
    const response = await fetch(url)
    texts.push([url, JSON.stringify([...response.headers]) + (await response.text())])
  }
  const day = (offset: number) => new Date(Date.now() + offset * 86_400_000).toISOString().slice(0, 10)
  for (const name of reportNames) {
    for (const format of reportFormats) {
      const query = `site=shop&from=${day(-4)}&to=${day(1)}&format=${format}`
      await ask(`${product.adminUrl}/api/reports/${name}?${query}`)
    }
  }
  for (const path of ['/metrics', '/api/status', '/api/sites', '/api/reports', '/']) {
    await ask(product.adminUrl + path)
  }
  for (const path of ['/privacy', '/lightfoot.js', '/readyz']) await ask(product.publicUrl + path)
  return texts
}

/** Without these, all of the above could pass because nothing is searched. */
describe('what is planted behind the back of the product is found', () => {
  const placesOf = (hits: readonly Hit[]) => [
    ...new Set(hits.map(({ place, needle }) => `${place}: ${needle}`)),
  ]

  test('in a file', () => {
    const file = join(product.dataDirectory, 'keys', 'forgotten.tmp')
    writeFileSync(file, `visitor ${clientAddresses[0]}\n`)
    expect(placesOf(find().directory(product.dataDirectory))).toEqual([`keys/forgotten.tmp: 203.0.113.177`])
    rmSync(file)
  })

  test('in a compressed row, where a search of the files alone is blind', async () => {
    const mail = plants['e-mail'](1)
    const title = Array.from({ length: 20 }, (_, n) => plants.UUID(n).slice(-12)).join(mail)
    const sql = `insert into events (site, received, day, expires, title)
                 values ('shop', today(), today(), today() + 30, '${title}')`
    await askDatabase(product.dataDirectory, [{ sql, format: null }])
    const tables = await readAllTables(product.dataDirectory)
    const hits = [...tables].flatMap(([table, rows]) => find().bytes(table, rows))
    expect(placesOf(hits)).toEqual(['default.events: zqcanary', 'default.events: zqmailhost'])
    expect(placesOf(find().directory(product.dataDirectory))).toEqual([])
  })

  test('in a line of the log', () => {
    const line = `{"level":50,"url":"/user?mail=${encodeURIComponent(plants['e-mail'](2))}"}\n`
    expect(placesOf(find().text('log', product.output() + line))).toEqual([
      'log: zqcanary',
      'log: zqmailhost',
    ])
  })
})
