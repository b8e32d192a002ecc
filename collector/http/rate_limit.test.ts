import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createRateLimit } from './rate_limit.ts'

const start = Date.UTC(2025, 5, 15)
const limit = (prefixesMax = 10) => createRateLimit({ perMinute: 20, burst: 5, prefixesMax })
const takeMany = (of: ReturnType<typeof limit>, times: number, at = start, prefix = '203.0.113.0') =>
  Array.from({ length: times }, () => of.take(prefix, at))

test('a burst, and then one every three seconds', () => {
  const of = limit()
  expect(takeMany(of, 7)).toEqual([0, 0, 0, 0, 0, 3, 3])
  expect(takeMany(of, 1, start + 1001)).toEqual([2])
  expect(takeMany(of, 2, start + 3000)).toEqual([0, 3])
  expect(takeMany(of, 1, start + 5999)).toEqual([1])
  expect(takeMany(of, 1, start + 6000)).toEqual([0])
  // Full again, and no fuller.
  expect(takeMany(of, 6, start + 3_600_000)).toEqual([0, 0, 0, 0, 0, 3])
})

test('each network has a bucket of its own', () => {
  const of = limit()
  takeMany(of, 5)
  expect(of.take('203.0.113.0', start)).toBe(3)
  expect(of.take('198.51.100.0', start)).toBe(0)
})

test('no more prefixes are held than the bound says', () => {
  const of = limit(2)
  takeMany(of, 5, start, 'a')
  of.take('b', start)
  expect(of.take('a', start)).toBe(3)
  of.take('c', start)
  of.take('d', start)
  expect(of.take('a', start)).toBe(0)
})

test('a prefix is forgotten when its bucket would be full again, also if nobody asks', async () => {
  const of = createRateLimit({ perMinute: 60_000, burst: 20 })
  // At one instant of its own clock the bucket stays empty; only forgetting fills it.
  expect(takeMany(of, 21).at(-1)).toBe(1)
  await expect.poll(() => of.take('203.0.113.0', start)).toBe(0)
})

test('a clock that is set back makes nobody wait for longer', () => {
  const of = limit()
  takeMany(of, 5)
  expect(of.take('203.0.113.0', start - 3_600_000)).toBe(3)
})

test('never more in any time than the burst and what came back in it', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 20_000 }), { maxLength: 200 }), pauses => {
      const of = limit()
      let at = start
      let taken = 0
      for (const pause of pauses) {
        at += pause
        if (of.take('203.0.113.0', at) === 0) taken++
      }
      expect(taken).toBeLessThanOrEqual(5 + (at - start) / 3000)
    }),
  )
})
