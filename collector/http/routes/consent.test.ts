import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { listenPublic, type PublicListener } from '../../../tools/testing/public_listener.ts'
import { postBatch, sampleBatch } from '../../../tools/testing/sample_batch.ts'
import { tcString } from '../../../tools/testing/tc_string.ts'

const origin = 'https://www.example.com'
const marker = 'canary-7f3a'
const site = { id: 'shop', origins: [origin], mode: 'exempt', policy: 3 }

// The clock stands, so that no bucket fills while a test is slow.
const now = Date.now()

let listener: PublicListener
beforeAll(async () => {
  listener = await listenPublic({
    sites: [
      { ...site, tcf: { purposes: { 8: ['statistics', 'behaviour'] }, custom: { 1: ['identity'] } } },
      { ...site, id: 'strict', mode: 'strict' },
    ],
    override: { now: () => now },
  })
})
afterAll(async () => {
  expect(listener.logged).toEqual([])
  await listener.close()
})

const choose = (choice: object, more = {}) =>
  fetch(`${listener.url}/v1/consent`, {
    method: 'POST',
    headers: { 'content-type': 'text/plain', origin, ...more },
    body: JSON.stringify({ site: 'shop', policy: 3, ...choice }),
  })

test('a grant gives a receipt that opens what it covers, and a proof', async () => {
  const answer = await choose({ choice: 'grant', purposes: ['statistics', 'behaviour'], source: 'banner' })
  expect(answer.status).toBe(201)
  const { receipt, id } = (await answer.json()) as { receipt: string; id: string }
  const consent = { level: 'granted', purposes: 3, policy: 3, signal: 'choice', receipt } as const
  const send = async (id: string) =>
    (await postBatch(listener.url, origin, { ...sampleBatch(id, origin), consent })).json()
  expect(await send('shop')).toEqual({ accepted: 1, dropped: {} })
  // The receipt is of the other site, so here it is no choice.
  expect(await send('strict')).toEqual({ accepted: 0, dropped: { no_consent: 1 } })
  const proof = await fetch(`${listener.url}/v1/consent/${id}/proof`)
  expect(await proof.json()).toMatchObject({ site: 'shop', policy: 3, choice: 'grant', source: 'banner' })
})

test.each(['withdraw', 'object'])('%s is recorded', async choice => {
  const answer = await choose({ choice })
  expect(answer.status).toBe(202)
  expect(await answer.json()).toEqual({ recorded: true })
})

test.each<[string, object, object, number, string]>([
  ['an unknown choice', { choice: marker }, {}, 400, 'not_valid'],
  ['an unknown key', { choice: 'object', [marker]: 1 }, {}, 400, 'not_valid'],
  ['an unknown purpose', { choice: 'grant', purposes: [marker] }, {}, 400, 'not_valid'],
  ['a grant of nothing', { choice: 'grant' }, {}, 400, 'not_valid'],
  ['purposes that are no list', { choice: 'grant', purposes: marker }, {}, 400, 'not_valid'],
  ['a purpose too often', { choice: 'grant', purposes: Array(8).fill('statistics') }, {}, 400, 'not_valid'],
  ['a policy that is no number', { choice: 'object', policy: '3' }, {}, 400, 'not_valid'],
  ['a policy that is no whole number', { choice: 'object', policy: 3.5 }, {}, 400, 'not_valid'],
  ['a site that is no text', { choice: 'object', site: [marker] }, {}, 400, 'not_valid'],
  ['a key of the prototype', { choice: 'object', constructor: marker }, {}, 400, 'not_valid'],
  ['an older policy', { choice: 'object', policy: 2 }, {}, 409, 'older_policy'],
  ['an unknown site', { choice: 'object', site: 'nobody' }, {}, 403, 'unknown_site'],
  ['a foreign origin', { choice: 'object' }, { origin: `https://${marker}.example` }, 403, 'foreign_origin'],
  [
    'a TC string that is none',
    { choice: 'grant', purposes: ['statistics'], tcf: marker },
    {},
    400,
    'not_valid',
  ],
  [
    'a TC string that is no text',
    { choice: 'grant', purposes: ['statistics'], tcf: [marker] },
    {},
    400,
    'not_valid',
  ],
  [
    'a TC string that grants none',
    { choice: 'grant', purposes: ['calls'], tcf: tcString({ purposes: [8] }) },
    {},
    400,
    'not_valid',
  ],
  ['a TC string beside an objection', { choice: 'object', tcf: tcString({}) }, {}, 400, 'not_valid'],
  [
    'a TC string where no platform is',
    { site: 'strict', choice: 'grant', purposes: ['statistics'], tcf: tcString({ purposes: [8] }) },
    {},
    400,
    'not_valid',
  ],
  ['too much', { choice: 'object', source: marker.repeat(800) }, {}, 413, 'too_large'],
])('%s is refused', async (_name, choice, more, status, code) => {
  const answer = await choose(choice, more)
  const text = await answer.text()
  expect(answer.status).toBe(status)
  expect(JSON.parse(text).error.code).toBe(code)
  expect(text).not.toContain(marker)
})

test.each<[unknown, string]>([
  ['cookie-banner', 'cookie-banner'],
  [undefined, 'page'],
  ['banner2', 'other'],
  ['Banner', 'other'],
  ['a'.repeat(13), 'other'],
  [`${marker}@example.com`, 'other'],
  ['', 'other'],
  ['tcf', 'other'],
  [7, 'other'],
  [null, 'other'],
])('a grant whose source is %s is not lost over it', async (source, wanted) => {
  const answer = await choose({ choice: 'grant', purposes: ['statistics'], source })
  expect(answer.status).toBe(201)
  const { id } = (await answer.json()) as { id: string }
  const proof = await fetch(`${listener.url}/v1/consent/${id}/proof`)
  expect(await proof.json()).toMatchObject({ choice: 'grant', source: wanted })
})

describe('by a TC string', () => {
  const byString = async (purposes: string[], consented: Parameters<typeof tcString>[0]) => {
    const answer = await choose({ choice: 'grant', purposes, source: 'banner', tcf: tcString(consented) })
    expect(answer.status).toBe(201)
    return (await answer.json()) as { receipt: string; id: string }
  }
  const disagreements = async () =>
    Number(/notice="signals_disagree"\} (\d+)/.exec(await listener.metrics())?.[1])

  test('the ledger knows the platform as its source, and not the string', async () => {
    const { receipt, id } = await byString(['statistics', 'identity'], { purposes: [8], custom: [1] })
    expect(receipt).toMatch(/^v1\.shop\.3\.9\./)
    const proof = await fetch(`${listener.url}/v1/consent/${id}/proof`)
    expect(await proof.json()).toEqual({
      id,
      site: 'shop',
      policy: 3,
      choice: 'grant',
      purposes: ['statistics', 'identity'],
      day: new Date(now).toISOString().slice(0, 10),
      source: 'tcf',
    })
  })

  test('where the page asks for more than the string grants, the string wins, and it is counted', async () => {
    const before = await disagreements()
    const { receipt } = await byString(['statistics', 'identity', 'campaigns'], { purposes: [8] })
    expect(receipt).toMatch(/^v1\.shop\.3\.1\./)
    expect(await disagreements()).toBe(before + 1)
    await byString(['statistics'], { purposes: [8], custom: [1] })
    expect(await disagreements()).toBe(before + 1)
  })
})

describe('from one network not too often', () => {
  const from = (address: string) => ({ 'x-forwarded-for': address })
  const proof = (address: string) =>
    fetch(`${listener.url}/v1/consent/20260101-aaaaaaaaaaaaaaaaaaaaaa/proof`, { headers: from(address) })
  const grant = (address: string) => choose({ choice: 'grant', purposes: ['statistics'] }, from(address))
  const many = async (ask: (address: string) => Promise<Response>, network: string, times: number) => {
    const statuses: number[] = []
    for (let n = 1; n <= times; n++) statuses.push((await ask(network.replace('*', String(n)))).status)
    return statuses
  }

  test('grants, while withdrawals, objections and proofs go on', async () => {
    expect(await many(grant, '203.0.113.*', 22)).toEqual([...Array(20).fill(201), 429, 429])
    const refused = await grant('203.0.113.99')
    expect(refused.status).toBe(429)
    expect(refused.headers.get('retry-after')).toBe('3')
    expect(refused.headers.get('access-control-expose-headers')).toBe('Retry-After')
    expect(await refused.json()).toMatchObject({ error: { code: 'too_many_requests' } })
    expect((await choose({ choice: 'object' }, from('203.0.113.99'))).status).toBe(202)
    expect((await choose({ choice: 'withdraw' }, from('203.0.113.99'))).status).toBe(202)
    expect((await proof('203.0.113.99')).status).toBe(404)
    expect((await grant('203.0.114.1')).status).toBe(201)
  })

  test('objections', async () => {
    const object = (address: string) => choose({ choice: 'object' }, from(address))
    expect(await many(object, '2001:db8:7:*::1', 21)).toEqual([...Array(20).fill(202), 429])
  })

  test('proofs', async () => {
    expect(await many(proof, '198.51.100.*', 21)).toEqual([...Array(20).fill(404), 429])
  })

  test('what is refused for another reason costs nothing', async () => {
    const wrong = (address: string) => choose({ choice: 'grant', purposes: ['all'] }, from(address))
    expect(await many(wrong, '192.0.2.*', 25)).toEqual(Array(25).fill(400))
    expect((await grant('192.0.2.1')).status).toBe(201)
  })

  test.each(['127.0.0.*', '10.0.0.*', '172.17.0.*', 'fd00::*', 'nobody'])(
    '%s may be a proxy that is not named, and all visitors: not limited',
    async network => {
      expect(await many(grant, network, 25)).toEqual(Array(25).fill(201))
    },
  )

  test('nothing of it is written', () => {
    const written = readdirSync(listener.dataDirectory, { recursive: true, encoding: 'utf8' })
      .map(name => join(listener.dataDirectory, name))
      .filter(file => statSync(file).isFile())
      .map(file => readFileSync(file, 'latin1'))
      .join('\n')
    expect(written).toContain('"choice":"object"')
    expect(written).not.toMatch(/203\.0\.11|2001:db8/)
  })
})

test('an unknown proof is not found', async () => {
  expect((await fetch(`${listener.url}/v1/consent/20260101-aaaaaaaaaaaaaaaaaaaaaa/proof`)).status).toBe(404)
})
