import { expect, test } from 'vitest'
import { type Field, matrix } from '../../contract/matrix.ts'
import { purposeSet } from '../../contract/purposes.ts'
import { allows, gateCell, gateOf } from './gate.ts'

const exemptSite = { mode: 'exempt' } as const
const strictSite = { mode: 'strict' } as const
const statistics = purposeSet(['statistics'])

test.each([
  ['a purpose opens its fields', exemptSite, 'granted', statistics, 'title', 'granted'],
  ['and no others', exemptSite, 'granted', statistics, 'click', 'exempt'],
  ['and no others, strict', strictSite, 'granted', statistics, 'click', 'nothing'],
  ['without a grant', exemptSite, 'exempt', 0, 'url', 'exempt'],
  ['without a grant, nothing to keep', exemptSite, 'exempt', 0, 'title', 'nothing'],
  ['purposes without a grant mean nothing', exemptSite, 'exempt', 127, 'title', 'nothing'],
  ['without a purpose', exemptSite, 'exempt', 0, 'country', 'granted'],
  ['without a purpose, strict', strictSite, 'granted', statistics, 'page', 'granted'],
] as const)('%s', (_, site, level, purposes, field, wanted) => {
  expect(gateCell({ site, level, purposes }, field)).toBe(wanted)
})

test('says the same of every field as the matrix does', () => {
  const claim = { site: exemptSite, level: 'granted', purposes: statistics } as const
  for (const field of Object.keys(matrix) as Field[]) {
    expect(gateOf(claim)[field]).toBe(gateCell(claim, field))
    expect(allows(claim, field)).toBe(
      matrix[field].purpose === null || matrix[field].purpose === 'statistics',
    )
  }
})

test('gates of different claims are not mixed up', () => {
  const gates = new Set<string>()
  for (const site of [exemptSite, strictSite]) {
    for (const level of ['exempt', 'granted'] as const) {
      for (const purposes of [0, statistics, 127]) {
        const claim = { site, level, purposes }
        expect(gateOf(claim).title).toBe(gateCell(claim, 'title'))
        gates.add(JSON.stringify(gateOf(claim)))
      }
    }
  }
  // Nothing, statistics, everything: in each mode, but with everything granted the mode makes no difference.
  expect(gates.size).toBe(5)
})
