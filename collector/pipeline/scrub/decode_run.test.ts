import fc from 'fast-check'
import { expect, test } from 'vitest'
import { decodeRun } from './decode_run.ts'

function byException(run: string): string | undefined {
  try {
    return decodeURIComponent(run)
  } catch {
    return undefined
  }
}

const percent = (bytes: Iterable<number>) =>
  [...bytes].map(byte => `%${byte.toString(16).padStart(2, '0')}`).join('')

/** Bytes at which sequences begin, end or go wrong. */
const edges = [
  0x00, 0x41, 0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc0, 0xc1, 0xc2, 0xdf, 0xe0, 0xe1, 0xec, 0xed, 0xee,
]
const lastEdges = [0xef, 0xf0, 0xf1, 0xf3, 0xf4, 0xf5, 0xf8, 0xff]

test('as decodeURIComponent, without its exception', () => {
  const byte = fc.oneof(fc.constantFrom(...edges, ...lastEdges), fc.integer({ min: 0, max: 255 }))
  const good = fc.string({ unit: 'binary', maxLength: 4 }).map(text => [...Buffer.from(text, 'utf8')])
  const runs = fc.oneof(
    fc.array(byte, { minLength: 1, maxLength: 6 }),
    good,
    fc.tuple(good, fc.array(byte)).map(all => all.flat()),
  )
  fc.assert(
    fc.property(runs, fc.boolean(), (bytes, isUpper) => {
      fc.pre(bytes.length > 0)
      const run = isUpper ? percent(bytes).toUpperCase() : percent(bytes)
      expect(decodeRun(run)).toBe(byException(run))
    }),
    { numRuns: 1500 },
  )
})

test('every pair of bytes', () => {
  for (let bytes = 0; bytes < 65_536; bytes++) {
    const run = percent([bytes >> 8, bytes & 255])
    const wanted = byException(run)
    if (decodeRun(run) !== wanted) expect(`${run}: ${decodeRun(run)}`).toBe(`${run}: ${wanted}`)
  }
})
