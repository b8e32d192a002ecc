// Fault: the disk is full, or fails. A real product on a tmpfs of 96 MB: filled from elsewhere by degrees, and to the last
// byte at once under load; and on a disk that fails. Nothing is acknowledged that is not stored, events are
// answered 503 meanwhile, and everything goes on by itself once there is room.

import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Batch } from '../../contract/events.ts'
import { askRows } from '../testing/ask_database.ts'
import {
  countReported,
  isReady,
  type Product,
  type ProductOptions,
  startProduct,
} from '../testing/product.ts'
import { postBatch, sampleBatch } from '../testing/sample_batch.ts'
import { smallDisk } from '../testing/small_disk.ts'
import { type SteadyLoad, steadyLoad } from '../testing/steady_load.ts'
import { untilFolded, waitUntil } from '../testing/wait_until.ts'

const noRoom = /ENOSPC|NOT_ENOUGH_SPACE|no room|could not write/
const startedAgain = 'a process ended and is started again'
const openedAnew = 'could not write all of its files: it is opened anew'
const origin = 'https://www.example.com'
const site = { id: 'shop', origins: [origin], mode: 'exempt', policy: 1, minimumGroup: 1 }
const senders = 4
/** Enough that something always waits; more would only be more to load and fold. */
const betweenMs = 15

type Status = { load: { state: string; problem?: { message: string } } | null; spool: { bytes: number } }

/** A product under load, and what is asked of it. */
type Subject = ReturnType<typeof underLoad>

async function startUnderLoad(options: ProductOptions): Promise<Subject> {
  const product = await startProduct({ config: { sites: [site] }, ...options })
  const load = steadyLoad(product.publicUrl, origin, 'shop', senders, betweenMs)
  load.resume()
  return underLoad(product, load)
}

function underLoad(product: Product, load: SteadyLoad) {
  /** Batches beside the load's; those that were refused are sent again at the end, since nobody knows what the disk has of them. */
  let besides = 0
  const refusedOnes: Batch[] = []

  async function post(batch = sampleBatch('shop', origin)): Promise<Response> {
    const response = await postBatch(product.publicUrl, origin, batch)
    if (response.status === 202) besides++
    else refusedOnes.push(batch)
    return response
  }

  return {
    product,
    acknowledged: load.acknowledged,
    post,
    lines: (text: string) => product.output().split(text).length - 1,
    status: async () => (await (await fetch(`${product.adminUrl}/api/status`)).json()) as Status,
    async metric(name: string): Promise<number> {
      const text = await (await fetch(`${product.adminUrl}/metrics`)).text()
      const values = text.split('\n').filter(line => line.startsWith(name) && / [\d.e+-]+$/.test(line))
      return Math.max(...values.map(line => Number(line.split(' ').at(-1))))
    },
    choose(): Promise<Response> {
      const choice = { site: 'shop', policy: 1, choice: 'grant', purposes: ['statistics'] }
      return fetch(`${product.publicUrl}/v1/consent`, {
        method: 'POST',
        headers: { origin, 'content-type': 'application/json' },
        body: JSON.stringify(choice),
      })
    },
    async untilEqual(): Promise<void> {
      await load.pause()
      for (const batch of refusedOnes.splice(0)) expect((await post(batch)).status).toBe(202)
      await untilFolded(product)
      expect(await countReported(product)).toBe(load.acknowledged.events + besides)
    },
    /** In the raw rows of the stopped product: each event once. */
    async expectStored(): Promise<void> {
      const [row] = await askRows<{ rows: string; events: string }>(
        product.dataDirectory,
        'select count() as rows, uniqExact(site, page, seq) as events from events',
      )
      const wanted = String(load.acknowledged.events + besides)
      expect(row).toEqual({ rows: wanted, events: wanted })
    },
  }
}

const disk = await smallDisk(96)

// Each with a product of its own, side by side.
describe.skipIf(typeof disk === 'string')(
  typeof disk === 'string' ? `a full disk (skipped: ${disk})` : 'a full disk',
  { concurrent: true },
  () => {
    if (typeof disk === 'string') return

    let at: Subject
    beforeAll(async () => {
      at = await startUnderLoad({ folder: disk.directory })
    })
    afterAll(async () => {
      await at?.product.stop()
      disk.remove()
    })

    const fillTo = (share: number) => disk.fill(disk.totalBytes() * (1 - share))

    test.sequential('from 70 % on it warns, once, and takes events', async () => {
      fillTo(0.74)
      await waitUntil('the line', () => at.lines('70 % of the room of the spool') > 0)
      await waitUntil('the gauge', async () => (await at.metric('lightfoot_spool_quota_used_ratio')) >= 0.7)
      expect(await at.metric('lightfoot_spool_quota_used_ratio')).toBeLessThan(0.85)
      const before = at.acknowledged.events
      await waitUntil('events are taken', () => at.acknowledged.events > before + 100)
      expect(await isReady(at.product.publicUrl)).toBe(true)
      expect(at.lines('70 % of the room of the spool')).toBe(1)
    })

    test.sequential('from 85 % on events are answered 503 with Retry-After, and choices still find room', async () => {
      fillTo(0.9)
      await waitUntil('not ready', async () => !(await isReady(at.product.publicUrl)))
      const refused = await at.post()
      expect(refused.status).toBe(503)
      expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0)
      expect((await at.choose()).status).toBe(201)
      expect(at.lines('85 % of the room of the spool')).toBe(1)
    })

    test.sequential('with room again it goes on by itself', async () => {
      const before = at.acknowledged.events
      disk.empty()
      await waitUntil('ready', () => isReady(at.product.publicUrl))
      await waitUntil('events are taken', () => at.acknowledged.events > before + 100)
      expect(at.lines('the spool has room again')).toBe(1)
    })

    test.sequential('full at once, under load, while much waits: nothing is acknowledged, and nothing gives up', async () => {
      at.product.kill('engine', 'SIGSTOP')
      await sleep(1500)
      disk.fill(0)
      await waitUntil('503', async () => (await at.post()).status === 503)
      const atFull = at.acknowledged.events
      at.product.kill('engine', 'SIGCONT')
      await waitUntil(
        'the load cannot be made',
        // Its manifest, or, where the loader had come further, its rows.
        async () => noRoom.test((await at.status()).load?.problem?.message ?? ''),
      )
      // The last page of a file that is open already has room for a few.
      await waitUntil('choices find none either', async () => {
        const { status, headers } = await at.choose()
        expect([201, 503]).toContain(status)
        return status === 503 && headers.has('retry-after')
      })
      expect((await at.post()).status).toBe(503)
      // Nobody knows of a batch of each sender whether it was the last to find room.
      expect(at.acknowledged.events - atFull).toBeLessThan(senders * 7)
    }, 120_000)

    test.sequential('whatever step finds no room is tried again', async () => {
      const problems = new Set<string>()
      // A little room, so that in turn the manifest, the rows, the rollups are what does not fit; with 17 MB some of all do.
      for (const kilobytes of [4, 16, 100, 400, 0, 17_000, 8, 20_000, 60, 0]) {
        disk.fill(kilobytes * 1024)
        for (const until = Date.now() + 300; Date.now() < until; await sleep(50)) {
          const answer = await at.status().catch(() => undefined)
          const problem = answer?.load?.problem
          if (problem) problems.add(problem.message)
        }
      }
      // The manifest, or the database; what the fold meets is in the log.
      expect([...problems].filter(problem => !noRoom.test(problem))).toEqual([])
      expect(problems.size).toBeGreaterThan(0)
      // It may have met a write of chDB's that failed without a word: then it is opened anew. It ends for nothing else.
      expect(at.lines('the engine failed')).toBeLessThanOrEqual(at.lines(openedAnew))
    })

    test.sequential('processes that die meanwhile come back, and with room again everything goes on by itself', async () => {
      await waitUntil('an engine is there', () => at.product.pids().engine !== undefined)
      const endedBefore = at.lines(startedAgain)
      at.product.kill('engine')
      at.product.kill('acceptor')
      await waitUntil('started again', () => at.lines(startedAgain) >= endedBefore + 2, 10_000)
      const before = at.acknowledged.events
      disk.empty()
      await waitUntil('ready', () => isReady(at.product.publicUrl), 15_000)
      await waitUntil('events are taken', () => at.acknowledged.events > before + 100, 15_000)
      await waitUntil('the database is open', () => isReady(at.product.adminUrl), 15_000)
      expect((await at.choose()).status).toBe(201)
      await at.untilEqual()
      expect(at.acknowledged.retried).toBeGreaterThan(0)
      expect(await at.metric('lightfoot_process_restarts_total')).toBeLessThan(4)
    })

    test.sequential('every acknowledged event is stored, once', async () => {
      await at.product.stop()
      await at.expectStored()
      expect(
        readdirSync(join(at.product.dataDirectory, 'spool')).filter(file => file.endsWith('.open')),
      ).toEqual([])
    })
  },
)

test.skipIf(typeof disk === 'string')(
  'a first start on a full disk is refused with one line, and harms nothing',
  { concurrent: true },
  async () => {
    const small = await smallDisk(64)
    if (typeof small === 'string') throw new Error(small)
    const first = mkdtempSync(join(tmpdir(), 'lightfoot-first-'))
    const options = {
      folder: first,
      config: { sites: [site] },
      env: { LIGHTFOOT_DATA: join(small.directory, 'data'), LIGHTFOOT_LOG_LEVEL: 'silent' },
    }
    try {
      small.fill(0)
      await expect(startProduct(options)).rejects.toThrow(
        /^the product ended at start:\nlightfoot: the disk of \S+ has no room for a first start: .+\n$/,
      )
      small.empty()
      await (await startProduct(options)).stop()
    } finally {
      small.remove()
      rmSync(first, { recursive: true })
    }
  },
)

describe.concurrent('a disk that fails', () => {
  let at: Subject
  let folder: string
  let flag: string
  const preload = pathToFileURL(join(import.meta.dirname, '../testing/failing_disk.mjs')).href

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'lightfoot-eio-'))
    flag = join(folder, 'fault')
    at = await startUnderLoad({
      folder,
      env: { NODE_OPTIONS: `--import=${preload}`, LIGHTFOOT_TEST_FAULT: flag },
    })
  })
  afterAll(async () => {
    await at?.product.stop()
    rmSync(folder, { recursive: true, force: true })
  })

  test.sequential('503 as long as it fails; then a new segment is begun, without a restart', async () => {
    await waitUntil('events are taken', () => at.acknowledged.events > 100)
    const segments = await at.metric('lightfoot_spool_segments_total')
    for (let round = 0; round < 3; round++) {
      writeFileSync(flag, '')
      await waitUntil('503', async () => (await at.post()).status === 503)
      expect((await at.post()).headers.get('retry-after')).toBe('5')
      // Answers that were given before the fault have come by now.
      const atFault = at.acknowledged.events
      await sleep(300)
      expect(at.acknowledged.events).toBe(atFault)
      rmSync(flag)
      await waitUntil('events are taken', () => at.acknowledged.events > atFault + 100)
    }
    await waitUntil(
      'new segments',
      async () => (await at.metric('lightfoot_spool_segments_total')) >= segments + 3,
    )
    expect(at.product.output()).toContain('EIO')
  })

  test.sequential('rows of a failed group and their retries count once', async () => {
    expect(at.acknowledged.retried).toBeGreaterThan(0)
    await at.untilEqual()
    expect(await at.metric('lightfoot_process_restarts_total')).toBe(0)
    await at.product.stop()
    await at.expectStored()
    expect(existsSync(join(at.product.dataDirectory, 'spool/quarantine'))).toBe(false)
  })
})
