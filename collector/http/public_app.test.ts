import { connect } from 'node:net'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { listenPublic, type PublicListener } from '../../tools/testing/public_listener.ts'
import { sampleAgent, sampleBatch } from '../../tools/testing/sample_batch.ts'

const origin = 'https://www.example.com'
/** Stands in every refused request; must be in no answer, log line or metric. */
const marker = 'canary-7f3a'
const site = { id: 'shop', origins: [origin], mode: 'exempt', policy: 3, timezone: 'Europe/Bucharest' }

let listener: PublicListener

beforeAll(async () => {
  listener = await listenPublic({ sites: [site, { ...site, id: 'strict', mode: 'strict' }] })
})
afterAll(async () => {
  expect(listener.logged).toEqual([])
  await listener.close()
})

const headers = { 'content-type': 'text/plain;charset=UTF-8', origin, 'user-agent': sampleAgent }

function post(body: string | Buffer, more: Record<string, string | undefined> = {}): Promise<Response> {
  const given = Object.entries({ ...headers, ...more }).filter(
    (entry): entry is [string, string] => entry[1] !== undefined,
  )
  return fetch(`${listener.url}/v1/events?query=${marker}`, {
    method: 'POST',
    body,
    headers: Object.fromEntries(given),
  })
}

const good = (events = 1) => ({
  ...sampleBatch('shop', origin, events),
  consent: { level: 'exempt', purposes: 0, policy: 3, signal: 'default' },
})
const json = (value: unknown) => JSON.stringify(value)
const changed = (change: object) => json({ ...good(), ...change })
const event = { type: 'pageview', page: 0, seq: 0, at: 1 }
const gzip = { 'content-encoding': 'gzip' }

const refusals: readonly [
  name: string,
  body: string | Buffer,
  headers: Record<string, string | undefined>,
  status: number,
  code: string,
][] = [
  ['not JSON', `{"v":1,${marker}`, {}, 400, 'not_json'],
  ['nothing', '', {}, 400, 'not_json'],
  ['a list', json([marker]), {}, 400, 'not_valid'],
  ['null', 'null', {}, 400, 'not_valid'],
  ['a wrong type', changed({ sent: marker }), {}, 400, 'not_valid'],
  ['a wrong type deep inside', changed({ events: [{ ...event, seq: marker }] }), {}, 400, 'not_valid'],
  ['an unknown key', changed({ [marker]: 1 }), {}, 400, 'not_valid'],
  ['an unknown event', changed({ events: [{ ...event, type: marker }] }), {}, 400, 'not_valid'],
  ['an unknown version', changed({ v: 2, batch: marker }), {}, 400, 'not_valid'],
  [
    'prototype keys',
    `{"__proto__":{"${marker}":1},"constructor":{"prototype":{}},"v":1}`,
    {},
    400,
    'not_valid',
  ],
  ['nesting of 30,000', '['.repeat(30_000) + ']'.repeat(30_000), {}, 400, 'not_valid'],
  ['61 events', json(good(61)), {}, 413, 'too_many_events'],
  ['65 KiB', changed({ site: marker.repeat(6100) }), {}, 413, 'too_large'],
  ['5 MB', Buffer.alloc(5_000_000, marker), {}, 413, 'too_large'],
  ['65 KiB that gzip makes small', gzipSync(changed({ site: marker.repeat(6100) })), gzip, 413, 'too_large'],
  ['a gzip bomb', gzipSync(Buffer.alloc(60_000_000)), gzip, 413, 'too_large'],
  ['cut gzip', gzipSync(json(good())).subarray(0, 60), gzip, 400, 'not_gzip'],
  ['no gzip at all', json(good()), gzip, 400, 'not_gzip'],
  ['another encoding', json(good()), { 'content-encoding': 'br' }, 415, 'wrong_encoding'],
  ['another content type', json(good()), { 'content-type': `multipart/${marker}` }, 415, 'wrong_type'],
  ['an unknown site', changed({ site: 'nobody' }), {}, 403, 'unknown_site'],
  ['a foreign origin', json(good()), { origin: `https://${marker}.example` }, 403, 'foreign_origin'],
  ['an origin of another scheme', json(good()), { origin: 'http://www.example.com' }, 403, 'foreign_origin'],
  [
    'a foreign referrer',
    json(good()),
    { origin: undefined, referer: `https://${marker}.example/` },
    403,
    'foreign_origin',
  ],
  ['neither origin nor referrer', json(good()), { origin: undefined }, 403, 'missing_origin'],
  ['an opaque origin', json(good()), { origin: 'null' }, 403, 'missing_origin'],
]

describe('a bad request gets its status and a message, and nothing of it comes back', () => {
  test.each(refusals)('%s', async (_name, body, more, status, code) => {
    const before = listener.appended()
    const answer = await post(body, more)
    const text = await answer.text()
    expect(answer.status, text).toBe(status)
    const { error } = JSON.parse(text)
    expect(error.code).toBe(code)
    expect(error.message.length).toBeGreaterThan(10)
    expect(text + json([...answer.headers])).not.toContain(marker)
    expect(listener.appended()).toBe(before)
    // The server goes on.
    expect((await post(json(good()))).status).toBe(202)
  })

  test('not even metrics know more than route, status and reason', async () => {
    const metrics = await listener.metrics()
    expect(metrics).not.toContain(marker)
    expect(metrics).toContain('lightfoot_events_dropped_total{reason="unknown_site"} 1')
    expect(metrics).toContain('lightfoot_http_requests_total{route="/v1/events",status="413"}')
  })
})

describe('a good batch is taken', () => {
  test.each<[string, Record<string, string>, (text: string) => string | Buffer]>([
    ['as text/plain', {}, text => text],
    ['as JSON', { 'content-type': 'application/json' }, text => text],
    ['as gzip', gzip, text => gzipSync(text)],
    ['with identity', { 'content-encoding': 'identity' }, text => text],
    ['by its referrer', { origin: '', referer: `${origin}/page?x=1` }, text => text],
  ])('%s', async (_name, more, encode) => {
    const before = listener.appended()
    const answer = await post(encode(json(good(60))), {
      ...more,
      ...(more.origin === '' ? { origin: undefined } : {}),
    })
    expect(await answer.json()).toEqual({ accepted: 60, dropped: {} })
    expect(answer.status).toBe(202)
    expect(answer.headers.get('access-control-allow-origin')).toBe('*')
    expect(listener.appended()).toBe(before + 1)
  })

  test.each<[string, string, object, Record<string, string>]>([
    ['objected', 'the objection cookie', {}, { cookie: 'a=1; lightfoot_off=1; b=2' }],
    ['no_consent', 'a strict site without a choice', { site: 'strict' }, {}],
    [
      'foreign_url',
      'a page of another site',
      { pages: [{ id: 'abcdefghijk', url: 'https://other.example/' }] },
      {},
    ],
    ['bot', 'a robot', {}, { 'user-agent': 'Googlebot/2.1 (+http://www.google.com/bot.html)' }],
  ])('and dropped as %s: %s', async (reason, _name, change, more) => {
    const before = listener.appended()
    const answer = await post(changed(change), more)
    expect(answer.status).toBe(202)
    expect(await answer.json()).toEqual({ accepted: 0, dropped: { [reason]: 1 } })
    expect(listener.appended()).toBe(before)
  })
})

describe('other requests', () => {
  const get = (path: string, init: RequestInit = {}) =>
    fetch(listener.url + path, { redirect: 'manual', ...init })

  test('a preflight for JSON is answered', async () => {
    const answer = await get('/v1/events', {
      method: 'OPTIONS',
      headers: { origin, 'access-control-request-method': 'POST' },
    })
    expect(answer.status).toBe(204)
    expect(answer.headers.get('access-control-allow-headers')).toContain('Content-Type')
    expect(answer.headers.has('access-control-allow-credentials')).toBe(false)
  })

  test.each<[string, string, number]>([
    ['GET', '/v1/events', 405],
    ['DELETE', '/v1/consent', 405],
    ['PUT', '/privacy', 405],
    ['GET', `/nothing/${marker}`, 404],
    ['GET', `/%ff${marker}`, 404],
    ['GET', '/demo/', 404],
    ['GET', '/t/wrong/lightfoot.js', 404],
  ])('%s %s: %i', async (method, path, status) => {
    const answer = await get(path, { method })
    expect(answer.status).toBe(status)
    expect(await answer.text()).not.toContain(marker)
    expect(answer.headers.has('x-powered-by')).toBe(false)
  })

  test('the tracker by name lives shortly and by hash for ever', async () => {
    const plain = await get('/lightfoot.js')
    expect(plain.headers.get('content-type')).toContain('text/javascript')
    expect(plain.headers.get('cross-origin-resource-policy')).toBe('cross-origin')
    expect(plain.headers.get('cache-control')).toBe('public, max-age=3600')
    expect(await plain.text()).toContain('the tracker')
    const again = await get('/lightfoot.js', {
      headers: { 'if-none-match': String(plain.headers.get('etag')) },
    })
    expect(again.status).toBe(304)
    const pinned = await get('/t/0123456789abcdef/lightfoot.js')
    expect(pinned.headers.get('cache-control')).toContain('immutable')
  })

  test('/privacy says what each site keeps, without any script', async () => {
    const answer = await get('/privacy')
    const page = await answer.text()
    expect(answer.headers.get('content-security-policy')).toContain("default-src 'none'")
    expect(page).toContain('privacy@example.com')
    expect(page).toContain('Nothing is collected before you consent')
    expect(page).toContain('24-bit id of the day')
    expect(page).not.toContain('<script')
    expect((await get('/privacy?site=nobody')).status).toBe(404)
  })

  test('alive and ready', async () => {
    expect((await get('/healthz')).status).toBe(200)
    const ready = await get('/readyz')
    expect([ready.status, await ready.json()]).toEqual([200, { status: 'ready', lagSeconds: 0 }])
  })
})

test('what cannot be made durable is not acknowledged', async () => {
  const failing = { append: () => Promise.reject(new Error(`EIO ${marker}`)), isReady: () => false }
  const broken = await listenPublic({ sites: [site], override: failing })
  try {
    const answer = await fetch(`${broken.url}/v1/events`, { method: 'POST', headers, body: json(good()) })
    expect(answer.status).toBe(503)
    expect(answer.headers.get('retry-after')).toBe('5')
    expect(await answer.text()).not.toContain(marker)
    expect((await fetch(`${broken.url}/readyz`)).status).toBe(503)
  } finally {
    await broken.close()
  }
})

test('a body that comes too slowly is cut off', async () => {
  const limits = { headersMs: 200, requestMs: 400, checkMs: 50 }
  const impatient = await listenPublic({ sites: [site], limits })
  try {
    const socket = connect(Number(new URL(impatient.url).port), '127.0.0.1')
    socket.write(
      `POST /v1/events HTTP/1.1\r\nHost: a\r\nContent-Type: text/plain\r\nContent-Length: 1000\r\n\r\n{`,
    )
    const answer = await new Promise<string>(resolve => {
      let text = ''
      socket.on('data', chunk => {
        text += chunk
      })
      socket.on('close', () => resolve(text))
    })
    expect(answer).toContain('408')
    expect((await fetch(`${impatient.url}/healthz`)).status).toBe(200)
  } finally {
    await impatient.close()
  }
})
