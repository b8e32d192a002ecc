// Single values: odd texts, odd numbers as JSON writes them, and whole plants, which the scrub takes out wherever they stand.

import type { Random } from '../../collector/commands/demo_random.ts'
import { limits } from '../../contract/limits.ts'
import { plantKinds, plants } from '../testing/plants.ts'

export function one<T>(random: Random, values: readonly T[]): T {
  return values[random.whole(0, values.length - 1)] as T
}

/** Written as the last group of an address, which has four hexadecimal digits. */
const numberMax = 60_000

/** One plant, with nothing beside it that a scrub could not tell from it. */
export function plant(random: Random): string {
  const made = plants[one(random, plantKinds)](random.whole(0, numberMax))
  return one(random, [made, ` ${made} `, `of ${made} now`])
}

const odd: readonly string[] = [
  '',
  ' ',
  '\u0000',
  '\u0007\u001b[31m\r\n\t',
  '\\N',
  '\\',
  "'; drop table events; --",
  '{{7*7}}<%=7*7%><script>alert(1)</script>',
  '\ud800',
  '\udc00\ud800',
  '\ufeff\u200b\u202e\u2028\u2029',
  '𝒳é漢字🪁',
  'e\u0301'.repeat(40),
  '__proto__',
  'constructor',
  'null',
  'NaN',
  '%',
  '%zz%E0%A4%A',
  '%2e%2e%2f',
  '/../../etc/passwd',
  'file:///etc/passwd',
  'javascript:alert(1)',
  'https://www.example.com:99999/',
  'https://[::1',
  '//other.example/a',
  '\t1\t2',
]

export function oddText(random: Random): string {
  if (random.chance(0.6)) return one(random, odd)
  const length =
    one(
      random,
      Object.values(limits).filter(limit => limit <= limits.urlMax),
    ) + random.whole(-1, 1)
  return one(random, ['a', '𝒳', '\ud800', '\n', '\u0000', '%', '@', '1', 'a.', '/']).repeat(
    Math.max(0, length),
  )
}

/** As JSON writes a number, or nearly. */
export const oddNumbers: readonly string[] = [
  '-0',
  '0.0',
  '1e400',
  '-1e400',
  '1E+2',
  '1e-400',
  '9'.repeat(400),
  `0.${'0'.repeat(400)}1`,
  '4294967295',
  '4294967296',
  '9007199254740993',
  '-1',
  '1.5',
  '01',
  '.5',
  '5.',
  '+1',
  '0x10',
  'NaN',
  'Infinity',
  '1_000',
  'null',
  'true',
  '"1"',
  '[1]',
  '{}',
  '{"valueOf":1}',
]
