import { expect, test } from 'vitest'
import { lengthPrefixed } from './length_prefixed.ts'

test.each([
  [[], ''],
  [[''], '00000000'],
  [['ab', 'c'], '00000002' + '6162' + '00000001' + '63'],
  [['a', 'bc'], '00000001' + '61' + '00000002' + '6263'],
  [['é'], '00000002' + 'c3a9'],
  [['\ud800'], '00000003' + 'efbfbd'],
  [['abcé', 'd'], '00000005' + '616263c3a9' + '00000001' + '64'],
  [[[203, 0, 113, 7], 'a'], '00000004' + 'cb007107' + '00000001' + '61'],
])('%j', (texts, wanted) => {
  expect(lengthPrefixed(...texts).toString('hex')).toBe(wanted)
})
