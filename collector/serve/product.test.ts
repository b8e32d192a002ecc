// The built product as real processes: what is acknowledged is reported, whatever is killed, stopped or started again. A
// start takes 1.5 s of CPU, so the tests go on with one product and its data, in this order, and each counts all that was
// acknowledged since the first.

import { rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:net'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import {
  countReported,
  type Product,
  type ProductOptions,
  startProduct,
} from '../../tools/testing/product.ts'
import { postBatch, sampleBatch } from '../../tools/testing/sample_batch.ts'

const origin = 'https://www.example.com'
const site = {
  id: 'shop',
  origins: [origin],
  mode: 'exempt',
  policy: 1,
  timezone: 'Europe/Bucharest',
  minimumGroup: 1,
}
const config = { controller: { name: 'Example Ltd', contact: 'privacy@example.com' }, sites: [site] }
const patient = { timeout: 40_000, interval: 100 }

const running: Product[] = []
/** What runs now. */
let product: Product
/** Events, since the first start. */
let acknowledged = 0
afterAll(async () => {
  // The last one first: the folder is its predecessor's.
  for (const one of running.reverse()) await one.stop()
})

async function start(options: ProductOptions = {}): Promise<Product> {
  const started = await startProduct({ config, ...options })
  running.push(started)
  return started
}

async function startAgain(): Promise<void> {
  product = await start({ folder: product.folder })
}

/** Sends batches of ten events one after the other; gives back how many events were acknowledged. */
async function send(batches: number): Promise<number> {
  let events = 0
  for (let i = 0; i < batches; i++) {
    const answer = await postBatch(product.publicUrl, origin, sampleBatch('shop', origin, 10)).catch(
      () => undefined,
    )
    if (answer?.status !== 202) continue
    events += ((await answer.json()) as { accepted: number }).accepted
  }
  acknowledged += events
  return events
}

const expectAllReported = () => expect.poll(() => countReported(product), patient).toBe(acknowledged)

test('what is acknowledged is reported, by HTTP, by the command, and by the command alone after a stop', async () => {
  product = await start({ env: { LIGHTFOOT_WORKERS: '2' } })
  expect(await send(5)).toBe(50)
  await expectAllReported()

  const count = async () => {
    const { status, stdout, stderr } = await product.cli(['report', 'totals', '--format', 'json'])
    expect(status, stderr).toBe(0)
    return JSON.parse(stdout).rows.reduce(
      (sum: number, row: { events: string }) => sum + Number(row.events),
      0,
    )
  }
  expect(await count()).toBe(50)

  // Acknowledged just before the stop, so it is still in the spool when the command comes.
  expect(await send(1)).toBe(10)
  product.kill('supervisor', 'SIGTERM')
  expect(await product.ended()).toBe(0)
  expect(await count()).toBe(60)

  await startAgain()
  expect(await countReported(product)).toBe(60)
  expect(product.output()).not.toMatch(/error|warn/i)
})

test('a killed engine comes back, acceptors answer meanwhile, and nothing is lost', async () => {
  const before = product.pids().engine
  expect(await send(3)).toBe(30)
  product.kill('engine')
  expect(await send(20)).toBe(200)
  await expectAllReported()
  expect(product.pids().engine).not.toBe(before)
  const metrics = await (await fetch(`${product.adminUrl}/metrics`)).text()
  expect(metrics).toContain('lightfoot_process_restarts_total{process="engine"} 1')
})

test('killed acceptors come back and what they had acknowledged is reported', async () => {
  expect(await send(5)).toBe(50)
  product.kill('acceptor')
  await expect.poll(() => send(1), patient).toBe(10)
  await send(5)
  await expectAllReported()
})

test('all killed at once: started again, it counts what was acknowledged', async () => {
  expect(await send(10)).toBe(100)
  product.kill('all')
  await product.ended()
  await startAgain()
  await expectAllReported()
})

test('a killed supervisor takes its children with it, and the next one starts on the same data', async () => {
  const { engine, acceptors } = product.pids()
  expect(await send(2)).toBe(20)
  product.kill('supervisor')
  await product.ended()
  await startAgain()
  await expectAllReported()
  for (const pid of [engine, ...acceptors]) expect(() => process.kill(pid as number, 0)).toThrow('ESRCH')
})

test('a second serve on the same data directory is refused with one clear line', async () => {
  const { status, stdout, stderr } = await product.cli(['serve'])
  expect(status).toBe(1)
  expect(stdout).toBe('')
  expect(stderr.trim().split('\n')).toHaveLength(1)
  expect(stderr).toContain('is in use by process')
  expect((await product.cli(['spool', 'status'])).stdout).toContain(
    `runs as process ${product.pids().supervisor}`,
  )
  expect(await send(1)).toBe(10)

  // Somebody tidied up. The server lives, so nobody else takes its directory, and commands still find it.
  rmSync(join(product.dataDirectory, 'serve.sock'))
  const again = await product.cli(['serve'])
  expect([again.status, again.stdout, again.stderr]).toEqual([1, '', stderr])
  expect((await product.cli(['report', 'totals', '--site', 'shop'])).status).toBe(0)
  expect(await send(1)).toBe(10)
})

test('SIGHUP reads the configuration again; a wrong one is refused with one line and the old one stays', async () => {
  const added = 'https://added.example.com'
  const fromAdded = async () => {
    const answer = await postBatch(product.publicUrl, added, sampleBatch('shop', added, 10))
    if (answer.status === 202) acknowledged += 10
    return answer.status
  }
  expect(await fromAdded()).toBe(403)

  writeFileSync(product.configFile, JSON.stringify({ ...config, sites: [{ ...site, mod: 'strict' }] }))
  product.kill('supervisor', 'SIGHUP')
  await expect.poll(() => product.output(), patient).toContain('stays')
  expect(await send(1)).toBe(10)

  writeFileSync(
    product.configFile,
    JSON.stringify({ ...config, sites: [{ ...site, origins: [origin, added] }] }),
  )
  product.kill('supervisor', 'SIGHUP')
  await expect.poll(fromAdded, patient).toBe(202)
})

test('a port in use stops the start with one clear line', async () => {
  const env = { LIGHTFOOT_PORT: String(product.env.LIGHTFOOT_PORT) }
  await expect(startProduct({ config, env })).rejects.toThrow(
    /port \d+ is in use by another program: set LIGHTFOOT_PORT/,
  )
})

test('SIGTERM in the middle of requests loses none of those that were answered', async () => {
  const before = acknowledged
  const sending = Promise.all(Array.from({ length: 8 }, () => send(30)))
  await new Promise(resolve => setTimeout(resolve, 300))
  product.kill('supervisor', 'SIGTERM')
  await sending
  expect(acknowledged).toBeGreaterThan(before)
  expect(await product.ended()).toBe(0)
  await startAgain()
  await expectAllReported()
})

test('a port that another program took meanwhile: the log says it, events are taken, and its freeing mends it', async () => {
  const refusal =
    /"level":50[^\n]*"refusal":"port \d+ is in use by another program: set LIGHTFOOT_ADMIN_PORT"/g
  const refusals = () => product.output().match(refusal)?.length ?? 0
  const first = await killEngineAndTakePort(product)
  await expect.poll(refusals, patient).toBeGreaterThan(1)
  expect(await send(2)).toBe(20)
  first.close()
  await expectAllReported()

  // Mended, so that a stop is an ordinary one; and taken until the stop, which then says what is wrong.
  product.kill('supervisor', 'SIGTERM')
  expect(await product.ended()).toBe(0)
  await startAgain()
  const second = await killEngineAndTakePort(product)
  await expect.poll(product.output, patient).toMatch(refusal)
  product.kill('supervisor', 'SIGTERM')
  expect(await product.ended()).toBe(1)
  second.close()
  expect(product.output()).toMatch(
    /^lightfoot: port \d+ is in use by another program: set LIGHTFOOT_ADMIN_PORT$/m,
  )
})

/** The port is free from its end until the next one listens, which takes that one much longer than this. */
async function killEngineAndTakePort(product: Product): Promise<Server> {
  const port = Number(product.env.LIGHTFOOT_ADMIN_PORT)
  product.kill('engine')
  for (;;) {
    const server = createServer()
    const isTaken = await new Promise<boolean>(resolve => {
      server.once('error', () => resolve(false))
      server.listen(port, '127.0.0.1', () => resolve(true))
    })
    if (isTaken) return server
  }
}

test('the demo: three addresses, pages with the live snippet, a form that is not read', async () => {
  const product = await startProduct({ args: ['--demo'] })
  running.push(product)
  // It is printed once everything listens, and so a moment after the first listener answers.
  await expect.poll(product.output).toContain(`${product.publicUrl}/demo/`)
  expect(product.output()).toContain(`${product.adminUrl}/`)
  const page = await (await fetch(`${product.publicUrl}/demo/`)).text()
  expect(page).toContain(
    '<script defer src="/lightfoot.js" data-site="demo" data-mode="exempt" data-policy="1" data-search="q" data-parameters="page" data-local></script>',
  )
  expect(page).not.toContain('<!-- lightfoot -->')
  expect((await fetch(`${product.publicUrl}/demo/nothing.html`)).status).toBe(404)
  expect((await fetch(`${product.publicUrl}/demo/..%2f..%2fpackage.json`)).status).toBe(404)
  const body = new URLSearchParams({ name: 'x' })
  const sent = await fetch(`${product.publicUrl}/demo/contact`, { method: 'POST', body, redirect: 'manual' })
  expect([sent.status, sent.headers.get('location')]).toEqual([303, '/demo/thanks.html'])
  const answer = await postBatch(product.publicUrl, product.publicUrl, sampleBatch('demo', product.publicUrl))
  expect(answer.status).toBe(202)
})
