import { expect, test } from 'vitest'
import { purposesOf } from './purposes.ts'
import { purposesByTcf, writeTcfMap } from './tcf.ts'

const written = writeTcfMap({
  purposes: { 1: ['identity'], 8: ['statistics', 'behaviour'], 10: ['behaviour'] },
  custom: { 1: ['performance', 'identity'] },
})

test('is one attribute', () => {
  expect(written).toBe('1:identity 8:statistics,behaviour 10:behaviour c1:performance,identity')
})

test.each<[string, string[], string[]]>([
  ['nothing', [], []],
  ['one number', ['8'], ['statistics']],
  ['all that name a purpose', ['8', '10'], ['statistics', 'behaviour']],
  ['the same number of the other kind', ['c8', 'c10'], []],
  ['one of two kinds that name a purpose', ['1'], []],
  ['both kinds', ['1', 'c1'], ['performance', 'identity']],
])('consent to %s', (_, consented, purposes) => {
  const set = purposesByTcf(written, (number, isCustom) => consented.includes((isCustom ? 'c' : '') + number))
  expect(purposesOf(set)).toEqual(purposes)
})

test.each(['', '8', '8:', '8:everything', 'x8:statistics!', ':statistics'])('%j grants nothing', text => {
  expect(purposesByTcf(text, () => true)).toBe(0)
})
