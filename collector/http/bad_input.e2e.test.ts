// Bad input to the built product while good batches are on their way: each bad request gets its status and a clear message,
// no process dies of it, and nothing of the others is lost. What each refusal looks like in detail is public_app.test.ts's.

import { connect } from 'node:net'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { countReported, type Product, startProduct } from '../../tools/testing/product.ts'
import { newBatchId, postBatch, sampleAgent, sampleBatch } from '../../tools/testing/sample_batch.ts'
import { sendRequest } from '../../tools/testing/send_request.ts'
import { untilFolded, waitUntil } from '../../tools/testing/wait_until.ts'

const origin = 'https://www.example.com'
const site = { id: 'shop', origins: [origin], mode: 'exempt', policy: 1, minimumGroup: 1 }
/** Stands in every bad request; must be in no answer and no line of the log. */
const marker = 'canary-7f3a'

let product: Product
let isSending = true
const good = { sent: 0, acknowledged: 0, events: 0, refused: [] as string[] }
let senders: Promise<void>[] = []

beforeAll(async () => {
  product = await startProduct({
    config: { sites: [site] },
    env: { LIGHTFOOT_WORKERS: '2', LIGHTFOOT_LOG_LEVEL: 'debug' },
  })
  senders = [sendGood(), sendGood(), sendGood()]
})

afterAll(async () => {
  isSending = false
  await Promise.allSettled(senders)
  await product?.stop()
})

async function sendGood(): Promise<void> {
  while (isSending) {
    const events = 1 + (good.sent++ % 7)
    const answer = await postBatch(product.publicUrl, origin, sampleBatch('shop', origin, events))
    const text = await answer.text()
    if (answer.status === 202) {
      good.acknowledged++
      good.events += JSON.parse(text).accepted
    } else good.refused.push(text)
  }
}

const headers = { 'content-type': 'text/plain;charset=UTF-8', origin, 'user-agent': sampleAgent }
const json = (value: unknown) => JSON.stringify(value)
const changed = (change: object) => json({ ...sampleBatch('shop', origin), ...change })
const event = { type: 'pageview', page: 0, seq: 0, at: 1 }
const gzip = { 'content-encoding': 'gzip' }
const pad = (bytes: number) => {
  const text = changed({ site: '' })
  return text.replace('"site":""', `"site":"${marker}${'x'.repeat(bytes - text.length - marker.length)}"`)
}

type Case = [name: string, body: string | Buffer, headers: object, status: number, message: RegExp]

const cases: readonly Case[] = [
  ['not JSON', `${marker}: hello`, {}, 400, /not JSON/],
  ['cut JSON', changed({}).slice(0, -9), {}, 400, /not JSON/],
  ['no body', '', {}, 400, /not JSON/],
  ['a number instead of a batch', '42', {}, 400, /object/],
  ['a text where a number belongs', changed({ sent: marker }), {}, 400, /^sent: must be a number/],
  ['a list where a text belongs', changed({ batch: [newBatchId()] }), {}, 400, /^batch: must be 22/],
  [
    'a wrong type in one event of many',
    changed({ events: [event, { ...event, seq: 1, status: marker }] }),
    {},
    400,
    /^events\[1\]\.status: must be a whole number/,
  ],
  ['an unknown event type', changed({ events: [{ ...event, type: marker }] }), {}, 400, /^events\[0\]/],
  ['an unknown field', changed({ [marker]: 1 }), {}, 400, /field that the contract does not know/],
  ['an unknown version', changed({ v: 2 }), {}, 400, /^v: /],
  ['no version', changed({ v: undefined }), {}, 400, /^v: /],
  ['61 events', json(sampleBatch('shop', origin, 61)), {}, 413, /at most 60 events/],
  ['65 KiB', pad(65 * 1024), {}, 413, /64 KiB/],
  ['65 KiB in small gzip', gzipSync(pad(65 * 1024)), gzip, 413, /64 KiB/],
  ['a gzip bomb', gzipSync(Buffer.alloc(100_000_000)), gzip, 413, /64 KiB/],
  ['a gzip bomb in a gzip bomb', gzipSync(gzipSync(Buffer.alloc(30_000_000))), gzip, 400, /not JSON/],
  ['gzip that is cut', gzipSync(changed({})).subarray(0, 80), gzip, 400, /gzip/],
  ['an unknown site', changed({ site: marker }), {}, 403, /no site of this id/],
  ['a foreign origin', changed({}), { origin: `https://${marker}.example` }, 403, /Origin/],
  ['an origin that only begins alike', changed({}), { origin: `${origin}.evil.example` }, 403, /Origin/],
  ['no origin', changed({}), { origin: undefined }, 403, /neither Origin nor Referer/],
  ['another content type', changed({}), { 'content-type': `text/${marker}` }, 415, /content type/],
  ['another encoding', changed({}), { 'content-encoding': 'deflate' }, 415, /encoding/],
]

describe('a bad request while good ones are on their way', () => {
  test.each(cases)('%s', async (_name, body, more, status, message) => {
    const given = Object.entries({ ...headers, ...more }).filter(([, value]) => value !== undefined)
    const answer = await sendRequest(`${product.publicUrl}/v1/events?from=${marker}`, {
      method: 'POST',
      headers: Object.fromEntries(given),
      body,
    })
    expect(answer.status, answer.body).toBe(status)
    const { error } = JSON.parse(answer.body)
    expect(error.message).toMatch(message)
    expect(error.code).toMatch(/^[a-z_]+$/)
    expect(json(answer)).not.toContain(marker)
  })

  test('a body whose length is not told, and which does not end at the limit', async () => {
    const head = `POST /v1/events HTTP/1.1\r\nHost: a\r\nOrigin: ${origin}\r\nContent-Type: text/plain\r\n`
    const chunk = `400\r\n${'x'.repeat(1024)}\r\n`
    expect(await speak(`${head}Transfer-Encoding: chunked\r\n\r\n`, chunk.repeat(100))).toMatch(
      /^HTTP\/1\.1 413/,
    )
  })

  test('no HTTP at all', async () => {
    expect(await speak(`${marker}\r\n\r\n`)).toMatch(/^HTTP\/1\.1 400/)
  })

  test('headers without end', async () => {
    const header = `X-${marker}: ${'x'.repeat(1000)}\r\n`
    expect(await speak(`GET / HTTP/1.1\r\nHost: a\r\n${header.repeat(40)}\r\n`)).toMatch(/^HTTP\/1\.1 431/)
  })

  test('fifty senders that go away in the middle', async () => {
    const head = `POST /v1/events HTTP/1.1\r\nHost: a\r\nOrigin: ${origin}\r\nContent-Type: text/plain\r\n`
    const text = changed({})
    await Promise.all(
      Array.from({ length: 50 }, () =>
        leave(`${head}Content-Length: ${text.length}\r\n\r\n${text.slice(0, text.length / 2)}`),
      ),
    )
  })
})

test('the server went on, nothing of the other batches is lost, and nothing of the bad ones is kept', async () => {
  // However slow the machine is: on average one for each bad one.
  await waitUntil('enough good batches', () => good.acknowledged > cases.length)
  isSending = false
  await Promise.all(senders)
  expect(good.refused).toEqual([])
  expect(good.acknowledged).toBe(good.sent)
  expect((await fetch(`${product.publicUrl}/healthz`)).status).toBe(200)
  await untilFolded(product)
  expect(await countReported(product)).toBe(good.events)
  const metrics = await (await fetch(`${product.adminUrl}/metrics`)).text()
  expect(metrics).toMatch(/lightfoot_process_restarts_total\{process="acceptor"[^}]*\} 0/)
  expect(metrics).toMatch(/lightfoot_process_restarts_total\{process="engine"[^}]*\} 0/)
  expect(metrics).not.toContain(marker)
  expect(product.output()).not.toContain(marker)
})

/** What the listener answers to these bytes, until it closes the connection. */
function speak(...parts: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(Number(new URL(product.publicUrl).port), '127.0.0.1')
    let answer = ''
    socket.setTimeout(10_000, () => socket.destroy())
    socket.on('data', chunk => {
      answer += chunk
      socket.end()
    })
    socket.on('close', () => resolve(answer))
    // The listener may close while this side is still writing.
    socket.on('error', error => (answer === '' ? reject(error) : resolve(answer)))
    for (const part of parts) socket.write(part)
  })
}

/** Sends, and breaks the connection without a word. */
function leave(text: string): Promise<void> {
  return new Promise(resolve => {
    const socket = connect(Number(new URL(product.publicUrl).port), '127.0.0.1', () =>
      socket.write(text, () => socket.resetAndDestroy()),
    )
    socket.on('error', () => {})
    socket.on('close', () => resolve())
  })
}
