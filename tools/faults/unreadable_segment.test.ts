// Fault: the disk does not give one segment. The product starts, takes events and reports them; the segment is named once in
// the log, counted, and keeps the lag from being nothing.

import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Product, startProduct } from '../testing/product.ts'
import { postBatch, sampleBatch } from '../testing/sample_batch.ts'
import { waitUntil } from '../testing/wait_until.ts'

const origin = 'https://www.example.com'
const site = { id: 'shop', origins: [origin], mode: 'exempt', policy: 1, minimumGroup: 1 }
const segment = '1700000000000-1-4194998'

let folder: string
let product: Product

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'lightfoot-unreadable-'))
  // Opens and cannot be read, as a file with a bad sector, whoever asks.
  mkdirSync(join(folder, 'data/spool', `${segment}.open`), { recursive: true })
  product = await startProduct({ folder, config: { sites: [site] } })
})
afterAll(async () => {
  await product?.stop()
  rmSync(folder, { recursive: true, force: true })
})

test('everything else is taken, loaded and reported', async () => {
  const response = await postBatch(product.publicUrl, origin, sampleBatch('shop', origin, 1, '/read'))
  expect(response.status).toBe(202)
  await waitUntil('it is reported', async () => (await product.report('pages', 'shop')).length > 0)
  expect(await product.report('pages', 'shop')).toMatchObject([{ views: 1 }])
})

test('/metrics, readyz, spool status, verify and the log say so', async () => {
  const metrics = await (await fetch(`${product.adminUrl}/metrics`)).text()
  expect(metrics).toMatch(/^lightfoot_spool_unreadable_segments 1$/m)
  const ready = await fetch(`${product.publicUrl}/readyz`)
  expect(ready.status).toBe(200)
  const { lagSeconds } = (await ready.json()) as { lagSeconds: number }
  expect(lagSeconds).toBeGreaterThan(1e6)
  const status = await product.cli(['spool', 'status'])
  expect(status.stdout).toMatch(/^unreadable +1 segments .*\(EISDIR\)/m)
  const verified = await product.cli(['spool', 'verify'])
  expect(verified).toMatchObject({ status: 1, stdout: expect.stringMatching(/cannot be read \(EISDIR\)/) })
  expect(product.output().split(`segment ${segment} cannot be read`)).toHaveLength(2)
})
