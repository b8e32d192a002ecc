import { Segment, SegmentEncoder, TCModel } from '@iabtcf/core'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { purposesOf } from '../../contract/purposes.ts'
import { tcString } from '../../tools/testing/tc_string.ts'
import { purposesOfTcString, tcStringMax } from './tc_string.ts'

const map = {
  purposes: { 1: ['identity'], 8: ['statistics', 'behaviour'] },
  custom: { 2: ['performance'] },
} as const

test.each<[string, Parameters<typeof tcString>[0], string[]]>([
  ['nothing', {}, []],
  ['a purpose of the framework', { purposes: [8] }, ['statistics', 'behaviour']],
  ['a purpose of the site', { custom: [2] }, ['performance']],
  ['both', { purposes: [1], custom: [2] }, ['performance', 'identity']],
  ['others only', { purposes: [2, 7, 24], custom: [1, 3] }, []],
])('consent to %s', async (_, consented, purposes) => {
  expect(purposesOf((await purposesOfTcString(tcString(consented), map)) ?? -1)).toEqual(purposes)
})

test('a string without the segment of the publisher grants nothing', async () => {
  const [core = ''] = tcString({ purposes: [8] }).split('.')
  expect(await purposesOfTcString(core, map)).toBe(0)
})

test('legitimate interest is no consent', async () => {
  const model = new TCModel()
  model.publisherLegitimateInterests.set([1, 8])
  const segment = SegmentEncoder.encode(model, Segment.PUBLISHER_TC)
  expect(await purposesOfTcString(`${tcString({}).split('.')[0]}.${segment}`, map)).toBe(0)
})

describe('is no TC string', () => {
  const good = tcString({ purposes: [8] })
  const [core = '', publisher = ''] = good.split('.')
  test.each([
    ['nothing', ''],
    ['no base64url', `${good}!`],
    ['of version 1', good.replace(/^C/, 'B')],
    ['two of the publisher', `${good}.${publisher}`],
    ['cut off', good.slice(0, core.length + 6)],
    ['too long', `${core}${'A'.repeat(tcStringMax)}.${publisher}`],
  ])('%s', async (_, text) => {
    expect(await purposesOfTcString(text, map)).toBeUndefined()
  })
})

test('whatever the other segments say, it is not read: ranges of vendors cost nothing', async () => {
  const [, publisher = ''] = tcString({ purposes: [8] }).split('.')
  await fc.assert(
    fc.asyncProperty(fc.stringMatching(/^[A-Xg-z0-9_-][\w-]{0,400}$/), async rest => {
      expect(purposesOf((await purposesOfTcString(`C${rest}.${rest}.${publisher}`, map)) ?? 0)).toEqual([
        'statistics',
        'behaviour',
      ])
    }),
    { numRuns: 200 },
  )
})
