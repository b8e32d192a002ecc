import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { matrix } from './matrix.ts'
import { allPurposes, closedByGpc, purposeBit, purposeNames, purposeSet, purposesOf } from './purposes.ts'

// These bits are stored in rows and signed into receipts: they may be added to, never changed.
test('the bits of the purposes', () => {
  const bits = Object.fromEntries(purposeNames.map(purpose => [purpose, purposeBit(purpose)]))
  expect(bits).toEqual({
    statistics: 1,
    behaviour: 2,
    performance: 4,
    identity: 8,
    campaigns: 16,
    calls: 32,
    disclosure: 64,
  })
})

describe('sets', () => {
  const cases = [
    { set: 0, purposes: [] },
    { set: 3, purposes: ['statistics', 'behaviour'] },
    { set: 88, purposes: ['identity', 'campaigns', 'disclosure'] },
    { set: 127, purposes: purposeNames },
  ] as const
  test.each(cases)('$set is $purposes', ({ set, purposes }) => {
    expect(purposeSet(purposes)).toBe(set)
    expect(purposesOf(set)).toEqual(purposes)
  })

  test('a set and its purposes are the same thing, repeats and order do not matter', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...purposeNames)), purposes => {
        expect(new Set(purposesOf(purposeSet(purposes)))).toEqual(new Set(purposes))
      }),
    )
  })

  test('a bit that no purpose has is none', () => {
    expect(purposesOf(128)).toEqual([])
  })
})

test('what no choice re-opens, and what all choices can open', () => {
  expect(purposesOf(closedByGpc)).toEqual(['disclosure'])
  expect(allPurposes).toBe(127)
})

test('every purpose opens a field of the matrix', () => {
  const opening = new Set(Object.values(matrix).map(row => row.purpose))
  for (const purpose of purposeNames) expect(opening).toContain(purpose)
})
