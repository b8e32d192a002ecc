import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import type { DemoRequest } from './demo_batches.ts'
import { demoClient } from './demo_client.ts'
import { makeTraffic } from './demo_traffic.ts'

const closers: (() => void)[] = []
afterEach(() => {
  for (const close of closers.splice(0)) close()
})

/** A collector that answers as it is told. */
async function collector(answer: RequestListener): Promise<string> {
  const server = createServer(answer)
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  closers.push(() => server.close().closeAllConnections())
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

function anyRequest(): DemoRequest {
  const plan = { visits: 1, seed: 1, now: Date.now(), timezone: 'UTC', policy: 1, receipts: new Map() }
  const [request] = [...makeTraffic({ ...plan, origin: 'http://127.0.0.1' })].flat()
  if (request === undefined) throw new Error('a visit has a request')
  return request
}

test('the policy is the one that the snippet of the demo names', async () => {
  const page =
    '<head><script defer src="/lightfoot.js" data-site="demo" data-mode="exempt" data-policy="12" data-local></script>'
  const origin = await collector((_request, response) => response.end(page))
  expect(await demoClient(origin).policy()).toBe(12)
})

test.each([
  ['a collector of other sites', '<head><script data-site="shop" data-policy="1"></script>'],
  ['a program that is no collector', 'welcome'],
])('%s is told from a demo', async (_name, page) => {
  const origin = await collector((_request, response) => response.end(page))
  await expect(demoClient(origin).policy()).rejects.toThrow(
    `${origin} serves no demo site: start it with "lightfoot serve --demo"`,
  )
})

test('where nothing answers, one line says what to do', async () => {
  await expect(demoClient('http://127.0.0.1:1').policy()).rejects.toThrow(
    'nothing answers at http://127.0.0.1:1',
  )
})

test('a batch goes out as a page sends it, and a busy collector is asked again', async () => {
  const seen: unknown[] = []
  const origin = await collector((request, response) => {
    seen.push([
      request.url,
      request.headers.origin,
      request.headers['content-type'],
      request.headers['x-forwarded-for'],
    ])
    if (seen.length === 1) response.writeHead(503, { 'Retry-After': '1' }).end()
    else response.writeHead(202).end('{"accepted":3,"dropped":{"bot":1}}')
  })
  const request = anyRequest()
  expect(await demoClient(origin).send(request)).toEqual({ accepted: 3, dropped: { bot: 1 } })
  const wanted = ['/v1/events', origin, 'text/plain', request.headers['X-Forwarded-For']]
  expect(seen).toEqual([wanted, wanted])
})

test('a refusal ends the run with the collector’s own words', async () => {
  const origin = await collector((_request, response) =>
    response.writeHead(400).end('{"error":{"code":"not_valid"}}'),
  )
  await expect(demoClient(origin).send(anyRequest())).rejects.toThrow(
    'the collector answered 400: {"error":{"code":"not_valid"}}',
  )
})
