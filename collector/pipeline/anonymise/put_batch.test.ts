import { describe, expect, test } from 'vitest'
import { purposeSet } from '../../../contract/purposes.ts'
import { grant, ingestEvents, makeClient, makeSite, testAgent } from '../../../tools/testing/pipeline.ts'
import { languageTag } from './put_language.ts'

const pageview = { type: 'pageview' } as const
const statistics = { consent: grant(purposeSet(['statistics'])) }

test('site, way, consent and policy', () => {
  const site = makeSite({ id: 'blog', policy: 1 })
  expect(ingestEvents([pageview], { site, channel: 'pixel' }).read[0]).toMatchObject({
    site: 'blog',
    channel: 'pixel',
    consent: 'exempt',
    purposes: '0',
    policy: '1',
    received: '2025-06-15',
  })
})

describe('address', () => {
  test.each([
    ['exempt', {}, ''],
    ['granted', { batch: statistics }, '5.2.128.0'],
    ['granted, v6', { batch: statistics, client: makeClient('2a02:2f00:1:2::3') }, '2a02:2f00:1::'],
    ['granted for something else', { batch: { consent: grant(purposeSet(['campaigns'])) } }, ''],
  ])('%s', (_, given, prefix) => {
    expect(ingestEvents([pageview], given).read[0]).toMatchObject({ prefix, country: 'RO' })
  })
})

test('agent', () => {
  expect(ingestEvents([pageview]).read[0]).toMatchObject({
    browser: 'Chrome',
    browser_version: '',
    system: 'Linux',
    system_version: '',
    device: 'desktop',
  })
  expect(ingestEvents([pageview], { batch: statistics }).read[0]).toMatchObject({ browser_version: '141' })
  expect(ingestEvents([pageview], { userAgent: `${testAgent} ${'x'.repeat(5000)}` }).accepted).toBe(1)
})

test.each([
  [[320, 568], 'small', '320'],
  [[599, 800], 'small', '480'],
  [[600, 800], 'medium', '600'],
  [[1199, 800], 'medium', '1024'],
  [[1366, 768], 'large', '1360'],
  [[5120, 1440], 'large', '3840'],
  [[200, 200], 'small', '0'],
  [[0, 0], '', ''],
  [undefined, '', ''],
] as const)('screen %j', (size, exempt, granted) => {
  const device = size === undefined ? {} : { screen: [size[0], size[1]] as [number, number] }
  expect(ingestEvents([pageview], { batch: { device } }).read[0]?.screen).toBe(exempt)
  expect(ingestEvents([pageview], { batch: { device, ...statistics } }).read[0]?.screen).toBe(granted)
})

test.each([
  ['en-GB', 'en', 'en-GB'],
  ['EN-gb', 'en', 'en-GB'],
  ['ro', 'ro', 'ro'],
  ['zh-hant-tw', 'zh', 'zh-Hant-TW'],
  ['es-419', 'es', 'es-419'],
  ['ar-u-nu-latn', 'ar', 'ar'],
  ['en-GB-x-john-smith', 'en', 'en-GB'],
  ['x-secret', '', ''],
  ['english', '', ''],
  ['e', '', ''],
  ['', '', ''],
])('language %s', (text, primary, full) => {
  expect(languageTag(text, false)).toBe(primary)
  expect(languageTag(text, true)).toBe(full)
})
