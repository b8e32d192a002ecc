// The product under abuse, one kind after the other: meanwhile an honest client sends batches at a steady rate, every one of
// which is answered 202 and stored, and the acceptor's memory stays within one bound. Latencies are printed, not judged: a
// machine that runs other tests at the same time would decide them.

import { connect } from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { countReported, type Product, startProduct } from '../testing/product.ts'
import { bundleForNode, type Spawned, spawnBundle } from '../testing/spawn_typescript.ts'
import { fullOrShort } from '../testing/test_rounds.ts'
import { untilFolded, waitUntil } from '../testing/wait_until.ts'
import type { AbuseName } from './abuse/abuses.ts'
import type { Tally } from './abuse/crowd.ts'
import { type HonestClient, startHonestClient } from './abuse/honest_client.ts'
import { oddRequests } from './abuse/odd_requests.ts'
import { abusedSite, origin } from './abuse/requests.ts'
import { type Watch, watchProcess } from './abuse/watch_process.ts'

const site = { origins: [origin], mode: 'exempt', policy: 1, minimumGroup: 1 }
const config = {
  sites: [
    { ...site, id: 'honest' },
    { ...site, id: abusedSite },
  ],
}

/** Of an acceptor: 95 MB without load, 10,000 connections at 12 to 25 KB, 64 MiB of bodies. See docs/operate.md. */
const residentMbMax = 600
const abuseMs = 350
/** Longer than a head (10 s) and a request (20 s) may take, from the last connection's opening; they end when all are cut. */
const slowMs = 100_000

let product: Product
let abuser: string
let honest: HonestClient
let slow: Spawned[] = []
const figures: string[] = []

const portOf = (url: string) => new URL(url).port
const start = (name: AbuseName, ms: number, url = product.publicUrl) =>
  spawnBundle(abuser, [name, portOf(url), String(ms)])

async function tallyOf(spawned: Spawned): Promise<Tally> {
  const { code } = await spawned.ended
  expect(code).toBe(0)
  return JSON.parse(spawned.output())
}

function watchAcceptor(): Watch {
  const [acceptor] = product.pids().acceptors
  return watchProcess(acceptor!)
}

beforeAll(async () => {
  abuser = await bundleForNode(new URL('./abuse/abuser.ts', import.meta.url).pathname)
  product = await startProduct({ config, env: { LIGHTFOOT_LOG_LEVEL: 'debug' } })
  honest = startHonestClient(product.publicUrl, 'honest', origin)
  // They go on while the others come and go.
  slow = [start('slow heads', slowMs), start('bodies announced and never sent', slowMs)]
})

afterAll(async () => {
  for (const { child } of slow) child.kill('SIGKILL')
  await honest?.stop()
  await product?.stop()
})

/** With the statuses that may be answered, beside the 408 of whom a busy machine keeps waiting. Node 24 counts lines as well. */
const cases: readonly (readonly [AbuseName, readonly string[]])[] = [
  ['slow bodies', []],
  ['bodies without their last byte', []],
  ['connections that are half closed', ['400']],
  ['more idle connections than there may be', []],
  ['5,000 idle connections after a request', ['200']],
  ['connections that come and go', []],
  ['senders that do not wait for the answer', ['202']],
  ['1,000 good batches in one write', ['202']],
  ['1,000 requests in one write', ['404']],
  ['answers that are never read', []],
  ['junk after a good request', ['202', '400']],
  ['heads of 17 KB', ['431']],
  ['heads of 1,500 lines', ['404', '431']],
  ['half heads of 15 KB', []],
  ['bodies without length or end', ['413']],
  ['chunks of one byte', ['400']],
  ['gzip bombs', ['413']],
  ['gzip in gzip', ['400']],
  ['gzip of 3,200 empty members', ['400']],
  ['deep JSON', ['400']],
  ['the hardest batches', ['202']],
]

describe('the public listener', () => {
  test.each(cases)('%s', async (name, statuses) => {
    const watch = watchAcceptor()
    honest.takeLatencies()
    const tally = await tallyOf(start(name, abuseMs))
    watch.stop()
    tell(name, watch, tally)
    expect(tally.opened).toBeGreaterThan(4)
    expect([...statuses, '408']).toEqual(expect.arrayContaining(Object.keys(tally.statuses)))
    expect(watch.peakMb()).toBeLessThan(residentMbMax)
  })

  test('the same again and again takes no more memory', async () => {
    const after: number[] = []
    for (let round = 0; round < 3; round++) {
      const watch = watchAcceptor()
      await tallyOf(start('bodies without their last byte', 200))
      watch.stop()
      after.push(watch.peakMb())
    }
    expect(Math.max(...after)).toBeLessThan(residentMbMax)
    expect(after[2]! - after[0]!).toBeLessThan(60)
  })

  test.each(oddRequests)('%s', async (_name, bytes, wanted) => {
    expect(wanted.split(' or ')).toContain(await speak(bytes))
  })
})

describe('the private listener', () => {
  const names: readonly AbuseName[] = [
    // The same limit as that of the public listener.
    ...fullOrShort<AbuseName[]>(['more idle connections than there may be'], []),
    '1,000 requests in one write',
    'bodies without their last byte',
  ]
  test.each(names)('%s', async name => {
    const watch = watchProcess(product.pids().engine!)
    const before = watch.residentMb()
    honest.takeLatencies()
    const tally = await tallyOf(start(name, abuseMs, product.adminUrl))
    watch.stop()
    tell(`private: ${name}`, watch, tally)
    expect((await fetch(`${product.adminUrl}/api/status`)).status).toBe(200)
    expect(watch.peakMb() - before).toBeLessThan(residentMbMax)
  })
})

describe('afterwards', () => {
  test('who was slow is let go', async () => {
    for (const spawned of slow) {
      const { opened, ended } = await tallyOf(spawned)
      expect(opened).toBeGreaterThanOrEqual(500)
      expect(ended).toBe(opened)
    }
  }, 120_000)

  test('every honest request was answered 202, and its events are stored', async () => {
    await honest.stop()
    expect(honest.refused).toEqual([])
    expect(honest.events()).toBeGreaterThan(100)
    await untilFolded(product)
    expect(await countReported(product, 'honest')).toBe(honest.events())
    console.log(figures.join('\n'))
  })

  test('no process has died, and the limits were reached', async () => {
    const metrics = await (await fetch(`${product.adminUrl}/metrics`)).text()
    expect(metrics).not.toMatch(/lightfoot_process_restarts_total\{[^}]*\} [1-9]/)
    expect(metrics).toMatch(/lightfoot_http_connections_cut_total\{reason="connections"\} [1-9]/)
    expect(metrics).toMatch(/lightfoot_http_connections_cut_total\{reason="pipelined"\} [1-9]/)
    expect(product.output()).not.toMatch(/"level":[56]0/)
  })

  test('the connections are gone', () =>
    waitUntil('no connection is open', async () => {
      const metrics = await (await fetch(`${product.adminUrl}/metrics`)).text()
      return Number(/^lightfoot_http_connections\{.*\} (\d+)/m.exec(metrics)?.[1]) < 10
    }))
})

/** One line of figures. */
function tell(name: string, watch: Watch, { opened, ended, statuses }: Tally): void {
  const latencies = honest.takeLatencies()
  const at = (share: number) => `${(latencies[Math.floor(latencies.length * share)] ?? 0).toFixed(0)} ms`
  const told = Object.entries(statuses).map(([status, count]) => `${count} × ${status}`)
  figures.push(
    `${name.padEnd(50)} honest p50 ${at(0.5)}, p99 ${at(0.99)}; ${watch.cpuMs()} ms of processor, ` +
      `at most ${watch.peakMb().toFixed(0)} MB; ${opened} connections, ${ended} ended by the collector ${told}`,
  )
}

/** The statuses that are answered to these bytes, one after the other. */
function speak(bytes: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let answer = ''
    const socket = connect(Number(portOf(product.publicUrl)), '127.0.0.1', () =>
      socket.write(Buffer.from(bytes, 'latin1')),
    )
    socket.setTimeout(9000, () => reject(new Error('neither answered nor closed')))
    // A second answer would come at once, from what was sent already.
    socket.on('data', chunk => {
      answer += chunk
      setTimeout(() => socket.destroy(), 60)
    })
    socket.on('error', () => {})
    socket.on('close', () => {
      const statuses = [...answer.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map(([, status]) => status)
      resolve(statuses.length === 0 ? 'cut' : statuses.join(' '))
    })
  })
}
