// The lag in the public readyz, of the built product, while the engine is stopped; and its arithmetic.

import { afterEach, expect, test } from 'vitest'
import { type Product, startProduct } from '../../tools/testing/product.ts'
import { postBatch, sampleBatch } from '../../tools/testing/sample_batch.ts'
import { lagSeconds, later, watchAcknowledged } from './lag.ts'

test.each([
  ['nothing is known', undefined, 0, null],
  ['all that was acknowledged is in', 1000, 900, 0],
  ['acknowledged and loaded in the same moment', 1000, 1000, 0],
  ['something was acknowledged since', 1000, 1001, 9],
  ['the clock was set back', 60_000, 70_000, 0],
])('lag: %s', (_, loadedUntil, acknowledgedAt, wanted) => {
  expect(lagSeconds({ loadedUntil, acknowledgedAt }, 10_000)).toBe(wanted)
})

test.each([
  ['the first', undefined, 500, 500],
  ['a later one', 400, 500, 500],
  ['an earlier one', 600, 500, 600],
  ['one from before the clock was set back', 60_000, 500, 500],
])('later: %s', (_, known, told, wanted) => expect(later(known, told, 1000)).toBe(wanted))

test('an acknowledgement is seen when it is asked for', () => {
  let count = 0
  let clock = 10
  const acknowledgedAt = watchAcknowledged(
    () => count,
    () => clock,
  )
  clock = 20
  expect(acknowledgedAt()).toBe(10)
  count = 1
  expect(acknowledgedAt()).toBe(20)
  clock = 30
  expect(acknowledgedAt()).toBe(20)
  clock = 5
  expect(acknowledgedAt()).toBe(5)
  clock = 6
  expect(acknowledgedAt()).toBe(5)
})

const origin = 'https://www.example.com'
const site = { id: 'shop', origins: [origin], mode: 'exempt', policy: 1, minimumGroup: 1 }
const patient = { timeout: 20_000, interval: 100 }

let product: Product | undefined
afterEach(async () => {
  product?.kill('engine', 'SIGCONT')
  await product?.stop()
})

test('readyz: the lag grows while the engine is stopped or dead, and is 0 again when it has caught up', async () => {
  const running = await startProduct({
    config: { controller: { name: 'Example Ltd', contact: 'privacy@example.com' }, sites: [site] },
    env: { LIGHTFOOT_WORKERS: '2' },
  })
  product = running
  const send = async () =>
    expect((await postBatch(running.publicUrl, origin, sampleBatch('shop', origin))).status).toBe(202)
  const lag = () => lagOf(running.publicUrl)

  await expect.poll(lag, patient).toBe(0)
  running.kill('engine', 'SIGSTOP')
  await send()
  await expect.poll(lag, patient).toBeGreaterThan(3)
  await send()
  running.kill('engine', 'SIGCONT')
  await expect.poll(lag, patient).toBe(0)

  await send()
  running.kill('engine')
  await send()
  await expect.poll(lag, patient).toBeGreaterThan(0.5)
  await expect.poll(lag, patient).toBe(0)
  // Nothing was acknowledged since, so nothing waits, although nobody loads.
  running.kill('engine', 'SIGSTOP')
  await new Promise(resolve => setTimeout(resolve, 1500))
  expect(await lag()).toBe(0)
})

/** It stays ready all the time: what counts is whether events can be accepted. */
async function lagOf(url: string): Promise<number> {
  const answer = await fetch(`${url}/readyz`)
  const { status, lagSeconds: lag } = (await answer.json()) as { status: string; lagSeconds: number }
  expect([answer.status, status]).toEqual([200, 'ready'])
  return lag
}
