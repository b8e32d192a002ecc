// SIGTERM and SIGHUP, word for word: it stops accepting, answers what waits, commits, hands over, in bounded time; and it
// reads the configuration again without a lost request. Real processes, real signals, real sockets.

import { readdirSync, writeFileSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, expect, test, vi } from 'vitest'
import {
  countReported,
  type Product,
  type ProductOptions,
  startProduct,
} from '../../tools/testing/product.ts'
import { postBatch, sampleBatch } from '../../tools/testing/sample_batch.ts'
import { waitUntil } from '../../tools/testing/wait_until.ts'

vi.setConfig({ testTimeout: 120_000 })

const origin = 'https://www.example.com'
const site = { id: 'shop', origins: [origin], mode: 'exempt', policy: 1, minimumGroup: 1 }
const config = { sites: [site] }
/** Acceptors take 5 s to answer what waits, the engine 10 s for what it is doing; and a busy machine takes its time. */
const stopMsMax = 20_000

const running: Product[] = []
const sockets: Socket[] = []
afterAll(async () => {
  for (const socket of sockets.splice(0)) socket.destroy()
  for (const product of running.splice(0).reverse()) await product.stop()
})

async function start(options: ProductOptions = {}): Promise<Product> {
  const product = await startProduct({ config, ...options })
  running.push(product)
  return product
}

/** SIGTERM; with the exit status, and how long it took. */
async function terminate(product: Product): Promise<{ status: number | null; tookMs: number }> {
  const at = performance.now()
  product.kill('supervisor', 'SIGTERM')
  const status = await product.ended()
  return { status, tookMs: performance.now() - at }
}

/** A POST whose body is sent by hand, over a connection of its own. */
function openRequest(product: Product, body: string) {
  const { hostname, port } = new URL(product.publicUrl)
  const socket = connect(Number(port), hostname)
  sockets.push(socket)
  let answer = ''
  socket.on('data', chunk => (answer += chunk))
  const closed = new Promise<string>(resolve => {
    socket.on('error', () => {})
    socket.on('close', () => resolve(answer))
  })
  socket.write(
    `POST /v1/events HTTP/1.1\r\nHost: ${hostname}:${port}\r\nOrigin: ${origin}\r\nContent-Type: text/plain\r\n` +
      `Content-Length: ${Buffer.byteLength(body)}\r\n\r\n`,
  )
  return { write: (text: string) => socket.write(text), closed, answer: () => answer }
}

function isRefused(product: Product): Promise<boolean> {
  const { hostname, port } = new URL(product.publicUrl)
  return new Promise(resolve => {
    const socket = connect(Number(port), hostname)
    sockets.push(socket)
    socket.on('connect', () => resolve(false))
    socket.on('error', () => resolve(true))
  })
}

// Side by side with the next, most of which is waiting for what never comes.
test.concurrent('SIGTERM: what is on its way is answered and stored, new connections are refused, segments are handed over', async () => {
  const product = await start({ env: { LIGHTFOOT_WORKERS: '2' } })
  const bodies = Array.from({ length: 6 }, () => JSON.stringify(sampleBatch('shop', origin, 10)))
  const requests = bodies.map(body => openRequest(product, body))
  for (const [index, request] of requests.entries()) request.write((bodies[index] ?? '').slice(0, 100))
  // They are with the acceptors, not in a queue of the system.
  await sleep(300)
  const terminated = terminate(product)
  await waitUntil('nothing new is accepted', () => isRefused(product))
  for (const [index, request] of requests.entries()) request.write((bodies[index] ?? '').slice(100))
  for (const answer of await Promise.all(requests.map(({ closed }) => closed))) {
    expect(answer).toMatch(/^HTTP\/1.1 202 /)
    expect(answer).toContain('{"accepted":10,"dropped":{}}')
  }
  const { status, tookMs } = await terminated
  expect(status).toBe(0)
  expect(tookMs).toBeLessThan(stopMsMax)
  expect(readdirSync(join(product.dataDirectory, 'spool')).filter(name => name.endsWith('.open'))).toEqual([])
  expect(product.output()).not.toMatch(/"level":[456]0/)
  const again = await start({ folder: product.folder })
  await waitUntil('all is reported', async () => (await countReported(again)) === 60)
})

test.concurrent('SIGTERM is bounded in time: by a client that never sends the rest, and by an engine that hangs', async () => {
  const product = await start()
  const answer = await postBatch(product.publicUrl, origin, sampleBatch('shop', origin, 10))
  expect(answer.status).toBe(202)
  const slow = openRequest(product, JSON.stringify(sampleBatch('shop', origin, 10)))
  slow.write('{"v":1,')
  await sleep(200)
  product.kill('engine', 'SIGSTOP')
  const { status, tookMs } = await terminate(product)
  expect(status).toBe(0)
  expect(tookMs).toBeLessThan(stopMsMax)
  expect(await slow.closed).not.toContain('202')
  const again = await start({ folder: product.folder })
  await waitUntil('all is reported', async () => (await countReported(again)) === 10)
})

test('SIGHUP under load: each configuration is taken, and not one request is lost', async () => {
  const product = await start({ env: { LIGHTFOOT_WORKERS: '2' } })
  const answers = new Map<string, number>()
  let isLoading = true
  let acknowledged = 0
  const send = async (sender: number) => {
    while (isLoading) {
      // Every second sender takes a connection of its own each time, as the first request of a page does.
      const headers: Record<string, string> = sender % 2 === 0 ? {} : { connection: 'close' }
      const answer = await postBatch(
        product.publicUrl,
        origin,
        sampleBatch('shop', origin, 10),
        headers,
      ).catch(() => undefined)
      const outcome = String(answer?.status ?? 'no answer')
      answers.set(outcome, (answers.get(outcome) ?? 0) + 1)
      if (answer?.status === 202) acknowledged += ((await answer.json()) as { accepted: number }).accepted
      await sleep(5)
    }
  }
  const sending = Promise.all(Array.from({ length: 6 }, (_, sender) => send(sender)))
  for (let number = 1; number <= 4; number++) {
    const added = `https://added-${number}.example.com`
    writeFileSync(product.configFile, JSON.stringify({ sites: [{ ...site, origins: [origin, added] }] }))
    product.kill('supervisor', 'SIGHUP')
    const status = async () => (await postBatch(product.publicUrl, added, sampleBatch('shop', added))).status
    // Both acceptors have it.
    await waitUntil('the configuration is taken', async () => {
      for (let asked = 0; asked < 10; asked++) if ((await status()) !== 202) return false
      return true
    })
  }
  isLoading = false
  await sending
  expect([...answers.keys()]).toEqual(['202'])
  expect(acknowledged).toBeGreaterThan(200)
})
