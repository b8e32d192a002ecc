import { expect, test } from 'vitest'
import { decodeText } from './decode_text.ts'

test.each([
  ['john%40example.com', 'john@example.com'],
  ['john%2540example.com', 'john@example.com'],
  ['john%252540example.com', 'john@example.com'],
  ['192%2E0%2E2%2E1', '192.0.2.1'],
  ['caf%C3%A9', 'café'],
  ['john%EF%BC%A0example.com', 'john＠example.com'],
  ['100%', '100%'],
  ['50% off', '50% off'],
  ['20%banana', '20%banana'],
  ['%ff%40', '%ff@'],
  ['plain', 'plain'],
])('%s → %s', (text, wanted) => {
  expect(decodeText(text)).toBe(wanted)
})

test('what was encoded ten times shows nothing', () => {
  let text = 'john@example.com'
  for (let round = 0; round < 10; round++) text = encodeURIComponent(text)
  expect(decodeText(text)).not.toMatch(/@|%40/)
})
