import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { listenPublic, type PublicListener } from '../../../tools/testing/public_listener.ts'
import { sampleAgent } from '../../../tools/testing/sample_batch.ts'
import { SpoolError } from '../../spool/spool_error.ts'

const origin = 'https://www.example.com'
const site = { id: 'shop', origins: [origin], mode: 'exempt', policy: 3, timezone: 'Europe/Bucharest' }
const sites = [
  site,
  { ...site, id: 'strict', mode: 'strict' },
  { ...site, id: 'quiet', gpc: 'objection' },
  { ...site, id: 'secret', sensitive: ['/health/*'] },
]

let listener: PublicListener
beforeAll(async () => {
  listener = await listenPublic({ sites })
})
afterAll(async () => {
  expect(listener.logged).toEqual([])
  await listener.close()
})

type Asked = { method?: string; headers?: Record<string, string | undefined>; url?: string }

/** As a browser asks for an image of another origin: no Origin, and the referrer that `strict-origin` leaves. */
function ask(query: string, { method = 'GET', headers = {}, url = listener.url }: Asked = {}) {
  const given = { referer: `${origin}/`, 'user-agent': sampleAgent, ...headers }
  const said = Object.entries(given).filter((entry): entry is [string, string] => entry[1] !== undefined)
  return fetch(`${url}/v1/pixel.gif?${query}`, { method, headers: Object.fromEntries(said) })
}

const outcome = (answer: Response) => answer.headers.get('lightfoot-outcome')

/** All that the spool holds, as it would be inserted. */
function spooled(): string {
  const directory = join(listener.dataDirectory, 'spool')
  return readdirSync(directory)
    .map(file => readFileSync(join(directory, file), 'latin1'))
    .join('')
}

test('a view is durable before the image comes, once for each asking, as a row of the channel pixel', async () => {
  const before = listener.appended()
  const answer = await ask(`site=shop&path=${encodeURIComponent('/guide/wind?token=7f3a#part')}`)
  expect(listener.appended()).toBe(before + 1)
  expect([answer.status, outcome(answer)]).toEqual([200, 'counted'])
  const body = Buffer.from(await answer.arrayBuffer())
  expect(body.length).toBe(43)
  expect(body.toString('latin1', 0, 6)).toBe('GIF89a')
  const headers = Object.fromEntries(answer.headers)
  expect(headers).toMatchObject({
    'content-type': 'image/gif',
    'cache-control': 'no-store',
    'cross-origin-resource-policy': 'cross-origin',
  })
  const row = spooled().split('\n').at(-2) ?? ''
  expect(row).toContain('\tpageview\tpixel\texempt\t0\t3\t')
  expect(row).toContain('\twww.example.com\t/guide/wind\t\t')
  expect(spooled()).not.toContain('7f3a')
  await ask('site=shop&path=/guide/wind')
  expect(listener.appended()).toBe(before + 2)
})

test('a path that reveals collapses, as in a batch', async () => {
  await ask('site=secret&path=/health/zqcanary')
  expect(spooled()).toContain('/health/*')
  expect(spooled()).not.toContain('zqcanary')
})

describe('what is not counted is an image too, and says why', () => {
  test.each<[string, string, Asked['headers'], number, string]>([
    ['an objection', 'site=shop&path=/', { cookie: 'a=b; lightfoot_off=1' }, 200, 'objected'],
    ['GPC where it objects', 'site=quiet&path=/', { 'sec-gpc': '1' }, 200, 'objected'],
    ['DNT where it objects', 'site=quiet&path=/', { dnt: '1' }, 200, 'objected'],
    ['a strict site', 'site=strict&path=/', {}, 200, 'no_consent'],
    ['a robot', 'site=shop&path=/', { 'user-agent': 'Googlebot/2.1' }, 200, 'bot'],
    [
      'a page of another site',
      'site=shop&path=/',
      { referer: 'https://other.example/' },
      403,
      'foreign_origin',
    ],
    ['another Origin', 'site=shop&path=/', { origin: 'https://other.example' }, 403, 'foreign_origin'],
    ['no referrer', 'site=shop&path=/', { referer: undefined }, 403, 'missing_origin'],
    ['an unknown site', 'site=nobody&path=/', {}, 403, 'unknown_site'],
    ['no site', 'path=/', {}, 400, 'wrong_parameter'],
    ['two sites', 'site=shop&site=shop&path=/', {}, 400, 'wrong_parameter'],
    ['no path', 'site=shop', {}, 400, 'wrong_parameter'],
    ['what is no path', 'site=shop&path=guide', {}, 400, 'wrong_parameter'],
    ['a path that is too long', `site=shop&path=/${'a'.repeat(2100)}`, {}, 400, 'wrong_parameter'],
  ])('%s', async (_name, query, headers, status, wanted) => {
    const before = listener.appended()
    const answer = await ask(query, { headers: headers ?? {} })
    expect([answer.status, outcome(answer)]).toEqual([status, wanted])
    expect(answer.headers.get('content-type')).toBe('image/gif')
    expect((await answer.arrayBuffer()).byteLength).toBe(43)
    expect(listener.appended()).toBe(before)
  })

  test('a spool that does not take it', async () => {
    const append = () => Promise.reject(new SpoolError('spool_full', 'the quota of the spool is used up'))
    const full = await listenPublic({ sites, override: { append } })
    const answer = await ask('site=shop&path=/', { url: full.url })
    expect([answer.status, outcome(answer), answer.headers.get('retry-after')]).toEqual([
      503,
      'not_durable',
      '5',
    ])
    expect((await answer.arrayBuffer()).byteLength).toBe(43)
    await full.close()
  })
})

test('GPC alone refuses nothing that exempt measurement keeps', async () => {
  expect(outcome(await ask('site=shop&path=/', { headers: { 'sec-gpc': '1', dnt: '1' } }))).toBe('counted')
  expect(await listener.metrics()).toContain('lightfoot_notices_total{notice="signals_disagree"} 0')
})

test('HEAD has the same headers, and has seen no page', async () => {
  const before = listener.appended()
  const answer = await ask('site=shop&path=/', { method: 'HEAD' })
  expect(answer.status).toBe(200)
  expect(answer.headers.get('content-length')).toBe('43')
  expect(listener.appended()).toBe(before)
})

test('another method is told which there are', async () => {
  const answer = await ask('site=shop&path=/', { method: 'POST' })
  expect([answer.status, answer.headers.get('allow')]).toEqual([405, 'GET, HEAD'])
})

test('it is counted under its own route', async () => {
  expect(await listener.metrics()).toMatch(
    /lightfoot_http_requests_total\{route="\/v1\/pixel\.gif",status="200"\} [1-9]/,
  )
})
