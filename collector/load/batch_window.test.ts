import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createBatchWindow } from './batch_window.ts'

const minute = 60_000

describe('batch window', () => {
  it.each([
    ['at once', 0, false],
    ['after ten minutes', 10 * minute, false],
    ['after the eleven that a record in a slow segment needs', 11 * minute, false],
    ['after twelve', 12 * minute, true],
  ])('the same batch is new %s: %s', (_, afterMs, isNew) => {
    const window = createBatchWindow()
    expect(window.add(7n, 0)).toBe(true)
    expect(window.add(7n, afterMs)).toBe(isNew)
  })

  it('remembers exactly what it was given', () => {
    const hash = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n })
    fc.assert(
      fc.property(fc.array(fc.oneof(hash, fc.bigInt({ min: 1n, max: 20n })), { maxLength: 3000 }), hashes => {
        const window = createBatchWindow()
        const seen = new Set<bigint>()
        for (const [index, each] of hashes.entries()) {
          expect(window.add(each, (index % 10) * minute)).toBe(each === 0n || !seen.has(each))
          if (each !== 0n) seen.add(each)
        }
        expect(window.size()).toBe(seen.size)
      }),
      { numRuns: 20 },
    )
  })

  it('grows past its first size', () => {
    const window = createBatchWindow()
    for (let hash = 1n; hash <= 20_000n; hash++) window.add((hash * 0x9e37_79b9_7f4a_7c15n) % 2n ** 64n, 0)
    expect(window.size()).toBe(20_000)
    expect(window.add(0x9e37_79b9_7f4a_7c15n, 0)).toBe(false)
  })

  it('at its bound forgets the oldest minute, and counts that', () => {
    const window = createBatchWindow({ hashesMax: 4 })
    for (const hash of [1n, 2n]) window.add(hash, 0)
    for (const hash of [3n, 4n]) window.add(hash, minute)
    expect([window.size(), window.forgottenEarly()]).toEqual([4, 0])
    expect(window.add(5n, 2 * minute)).toBe(true)
    expect([window.size(), window.forgottenEarly()]).toEqual([3, 2])
    expect([0, minute, 2 * minute].map(window.remembers)).toEqual([false, true, true])
    expect(window.add(3n, 2 * minute)).toBe(false)
    expect(window.add(1n, 2 * minute)).toBe(true)
  })

  it('at its bound within one minute begins anew', () => {
    const window = createBatchWindow({ hashesMax: 2 })
    for (const hash of [1n, 2n, 3n]) expect(window.add(hash, 0)).toBe(true)
    expect(window.size()).toBeLessThanOrEqual(2)
    expect(window.add(4n, minute)).toBe(true)
    expect(window.add(4n, minute)).toBe(false)
  })

  it.each([
    ['forward over midnight', 26 * 60],
    ['back by two hours', -120],
    ['back by three days', -3 * 24 * 60],
  ])('a clock that is set %s: a retry is recognised, and forgotten after as long as ever', (_, minutes) => {
    const window = createBatchWindow()
    const begin = 1_000_000 * minute
    const after = begin + minutes * minute
    expect(window.add(1n, begin)).toBe(true)
    expect(window.add(1n, after)).toBe(false)
    expect(window.add(2n, after)).toBe(true)
    // The other acceptor still writes to the segment that it began before.
    expect(window.add(3n, begin)).toBe(true)
    for (const each of [1n, 2n, 3n]) expect(window.add(each, after + 5 * minute)).toBe(false)
    expect(window.remembers(begin)).toBe(true)
    window.add(4n, after + 12 * minute)
    expect([begin, after].map(window.remembers)).toEqual([false, false])
    expect(window.add(1n, after + 12 * minute)).toBe(true)
  })

  it('a clock that is set often is no reason to forget', () => {
    const window = createBatchWindow()
    const times = Array.from({ length: 11 }, (_, turn) => (turn % 2 === 0 ? 500 : 5000) * minute + turn)
    for (const [index, at] of times.entries()) window.add(BigInt(index + 1), at)
    for (let hash = 1n; hash <= 11n; hash++) expect(window.add(hash, times[0]!)).toBe(false)
  })

  it('the same minutes when it is filled again from manifests', () => {
    const adds: [bigint, number][] = [
      [1n, 100 * minute],
      [2n, 4000 * minute],
      [3n, 100 * minute],
      [4n, 90 * minute],
    ]
    const filled = () => {
      const window = createBatchWindow()
      for (const [hash, at] of adds) window.add(hash, at)
      return window
    }
    expect(filled().size()).toBe(4)
    for (const [hash, at] of adds) expect(filled().add(hash, at)).toBe(false)
  })
})
