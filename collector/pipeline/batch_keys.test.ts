import { expect, test } from 'vitest'
import { batchHash, shardOf } from './batch_keys.ts'

test('a hash of site and batch is the same for ever, as other processes and later versions must know it', () => {
  expect(batchHash('shop', 'batchidbatchidbatchid0')).toBe(11411853363835751451n)
})

test.each([
  ['ab', 'c', 'a', 'bc'],
  ['shop', 'x', 'blog', 'x'],
  ['shop', 'x', 'shop', 'y'],
])('(%s, %s) and (%s, %s) differ', (siteA, batchA, siteB, batchB) => {
  expect(batchHash(siteA, batchA)).not.toBe(batchHash(siteB, batchB))
})

test('shards spread', () => {
  const counts = [0, 0, 0, 0]
  for (let visitor = 1; visitor <= 4000; visitor++) {
    const shard = shardOf('shop', String(visitor))
    expect(shard).toBe(shardOf('shop', String(visitor)))
    expect(shard).toBeLessThan(2 ** 32)
    counts[shard % 4] = (counts[shard % 4] ?? 0) + 1
  }
  for (const count of counts) expect(count).toBeGreaterThan(850)
})
