import { expect, test } from 'vitest'
import { lengthPrefixed } from './length_prefixed.ts'

test.each([
  [[], ''],
  [[''], '00000000'],
  [['ab', 'c'], '00000002' + '6162' + '00000001' + '63'],
  [['a', 'bc'], '00000001' + '61' + '00000002' + '6263'],
  [['é'], '00000002' + 'c3a9'],
  [['\ud800'], '00000003' + 'efbfbd'],
])('%j', (texts, wanted) => {
  expect(lengthPrefixed(...texts).toString('hex')).toBe(wanted)
})
