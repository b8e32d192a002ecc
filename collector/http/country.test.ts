import { expect, test } from 'vitest'
import { createCountry } from './country.ts'

const country = createCountry()

test.each([
  ['5.2.128.0', 'RO'],
  ['8.8.8.0', 'US'],
  ['2a02:2f00::', 'RO'],
  ['127.0.0.0', ''],
  ['10.0.0.0', ''],
  ['::', ''],
  ['fe80::', ''],
  ['fd12:3456:789a::', ''],
  ['', ''],
])('%s is in %s', (prefix, wanted) => {
  expect(country(prefix)).toBe(wanted)
})

test('codes are two capital letters, wherever it is asked', () => {
  for (let first = 1; first < 224; first++) {
    expect(country(`${first}.${(first * 7) % 256}.${(first * 13) % 256}.0`)).toMatch(/^([A-Z]{2})?$/)
  }
})
