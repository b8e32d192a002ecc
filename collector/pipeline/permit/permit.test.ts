import { describe, expect, test } from 'vitest'
import { purposeSet } from '../../../contract/purposes.ts'
import {
  everyPurpose,
  grant,
  ingestEvents,
  makeLookups,
  makeSite,
  type Said,
  siteOrigin,
} from '../../../tools/testing/pipeline.ts'
import type { ReceiptVerdict } from '../stages.ts'

const pageview: Said = { type: 'pageview' }
const two: Said[] = [pageview, { type: 'exit', method: 'link' }]
const strict = makeSite({ mode: 'strict' })

describe('objection', () => {
  test.each([
    ['the cookie', { objected: true }],
    ['the cookie, whatever was granted', { objected: true, batch: { consent: grant(everyPurpose) } }],
    ['GPC where the site reads it so', { gpc: true, site: makeSite({ gpc: 'objection' }) }],
    ['DNT where the site reads it so', { dnt: true, site: makeSite({ gpc: 'objection' }) }],
    ['GPC that only the page saw', { site: makeSite({ gpc: 'objection' }), batch: { consent: said('gpc') } }],
    ['DNT that only the page saw', { site: makeSite({ gpc: 'objection' }), batch: { consent: said('dnt') } }],
  ])('%s', (_, given) => {
    const { accepted, dropped, rows } = ingestEvents(two, given)
    expect({ accepted, dropped, bytes: rows.length }).toEqual({
      accepted: 0,
      dropped: { objected: 2 },
      bytes: 0,
    })
  })

  test('nothing is looked up for who objected', () => {
    const lookups = makeLookups({ parseAgent: forbidden, checkReceipt: forbidden, dayKey: forbidden })
    expect(ingestEvents(two, { objected: true, lookups }).dropped).toEqual({ objected: 2 })
  })

  test('GPC by default only refuses purposes', () => {
    expect(ingestEvents(two, { gpc: true }).accepted).toBe(2)
  })
})

function said(signal: 'gpc' | 'dnt' | 'default' | 'choice') {
  return { level: 'exempt', purposes: 0, policy: 1, signal } as const
}

function forbidden(): never {
  throw new Error('was looked up')
}

describe('consent', () => {
  const statistics = purposeSet(['statistics'])
  const open = purposeSet(['statistics', 'identity', 'campaigns', 'disclosure'])

  test.each([
    ['exempt on an exempt site', {}, 'exempt', 0],
    ['granted with a receipt', { batch: { consent: grant(statistics) } }, 'granted', statistics],
    [
      'granted on a strict site',
      { site: strict, batch: { consent: grant(statistics) } },
      'granted',
      statistics,
    ],
    ['a choice stands above DNT', { dnt: true, batch: { consent: grant(open) } }, 'granted', open],
    [
      'but never opens disclosure against GPC',
      { gpc: true, batch: { consent: grant(open) } },
      'granted',
      open & ~purposeSet(['disclosure']),
    ],
    ['a pixel is exempt only', { channel: 'pixel', batch: { consent: grant(statistics) } }, 'exempt', 0],
    ['a choice for nothing', { batch: { consent: grant(0) } }, 'exempt', 0],
    [
      'purposes claimed at exempt level',
      { batch: { consent: { ...said('default'), purposes: 127 } } },
      'exempt',
      0,
    ],
  ] as const)('%s', (_, given, consent, purposes) => {
    const [row] = ingestEvents([pageview], given).read
    expect(row).toMatchObject({ consent, purposes: String(purposes) })
  })

  test.each([
    ['strict without a choice', {}],
    ['strict with a forged receipt', { consent: { ...grant(statistics), receipt: 'bad' } }],
    ['strict without a receipt', { consent: { ...said('choice'), level: 'granted', purposes: statistics } }],
    ['strict with a choice for nothing', { consent: grant(0) }],
  ] as const)('%s: no_consent', (_, batch) => {
    expect(ingestEvents(two, { site: strict, batch }).dropped).toEqual({ no_consent: 2 })
  })

  test('only disclosure, taken by GPC, is no grant any more', () => {
    const given = { gpc: true, batch: { consent: grant(purposeSet(['disclosure'])) } }
    expect(ingestEvents([pageview], { ...given, site: strict }).dropped).toEqual({ no_consent: 1 })
    expect(ingestEvents([pageview], given).read[0]).toMatchObject({ consent: 'exempt', purposes: '0' })
  })

  const verdicts: readonly [string, ReceiptVerdict, number, string][] = [
    ['forged', { valid: false, reason: 'forged' }, 1, 'receipt_forged'],
    ['expired', { valid: false, reason: 'expired' }, 1, 'receipt_expired'],
    ['of another site', { valid: false, reason: 'other_site' }, 1, 'receipt_other_site'],
    ['of an older policy', { valid: false, reason: 'older_policy' }, 1, 'receipt_older_policy'],
    ['malformed', { valid: false, reason: 'malformed' }, 1, 'receipt_malformed'],
    ['for less than is claimed', { valid: true, purposes: purposeSet(['calls']) }, 1, 'receipt_claims_more'],
    ['beside a claim for an older policy', { valid: true, purposes: statistics }, 2, 'receipt_older_policy'],
  ]
  test.each(verdicts)('a receipt %s is counted and is no choice', (_, verdict, policy, notice) => {
    const lookups = makeLookups({ checkReceipt: () => verdict })
    const site = makeSite({ policy })
    const { notices, read } = ingestEvents([pageview], {
      lookups,
      site,
      batch: { consent: grant(statistics) },
    })
    expect(notices).toEqual([notice])
    expect(read[0]).toMatchObject({ consent: 'exempt', purposes: '0', prefix: '' })
  })

  test.each([
    ['the header objects, the page does not know', { gpc: true }, said('default'), true],
    ['the page objects, the header does not', {}, said('gpc'), true],
    ['both object', { gpc: true }, said('gpc'), false],
    ['both say DNT', { dnt: true }, said('dnt'), false],
    ['neither', {}, said('default'), false],
    ['a choice against GPC', { gpc: true }, grant(purposeSet(['statistics'])), false],
    ['a choice for disclosure against GPC', { gpc: true }, grant(open), true],
  ])('signals disagree: %s', (_, given, consent, wanted) => {
    expect(
      ingestEvents([pageview], { ...given, batch: { consent } }).notices.includes('signals_disagree'),
    ).toBe(wanted)
  })
})

describe('what is dropped', () => {
  test.each([
    ['Googlebot', 'Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)'],
    ['curl', 'curl/8.5.0'],
    ['a headless browser', 'Mozilla/5.0 (X11; Linux x86_64) HeadlessChrome/141.0.0.0 Safari/537.36'],
  ])('robots: %s', (_, userAgent) => {
    expect(ingestEvents(two, { userAgent }).dropped).toEqual({ bot: 2 })
  })

  test('calls from a browser, but not from an import', () => {
    const call: Said = { type: 'call', seconds: 60, dialled: '+40213000000' }
    const site = makeSite({ numbers: ['+40213000000'] })
    expect(ingestEvents([pageview, call], { site })).toMatchObject({
      accepted: 1,
      dropped: { server_only: 1 },
    })
    expect(ingestEvents([call], { site, channel: 'import' }).read[0]).toMatchObject({
      dialled: '+40213000000',
    })
  })

  test.each([
    ['another host', 'https://www.example.org/'],
    ['another scheme', 'http://www.example.com/'],
    ['another port', 'https://www.example.com:8443/'],
    ['a host that ends alike', 'https://evil-www.example.com/'],
    ['a blob of the site', 'blob:https://www.example.com/1'],
    ['a file', 'file:///etc/passwd'],
    ['no URL', 'www.example.com'],
  ])('events of pages of %s', (_, url) => {
    const pages = [
      { id: 'pageidpage0', url },
      { id: 'pageidpage1', url: `${siteOrigin}/own` },
    ]
    const events: Said[] = [pageview, { type: 'pageview', page: 1 }]
    const { dropped, read } = ingestEvents(events, { batch: { pages } })
    expect(dropped).toEqual({ foreign_url: 1 })
    expect(read.map(row => row.path)).toEqual(['/own'])
  })

  test('types without a cell', () => {
    const site = makeSite({ events: ['signup'], goals: [{ name: 'Bought', event: 'buy' }] })
    const events: Said[] = [
      { type: 'hover', target: 'logo', ms: 500 },
      { type: 'form', form: 'contact', outcome: 'submit' },
      { type: 'view', name: 'Shoes' },
      { type: 'custom', name: 'undeclared' },
      { type: 'custom', name: 'signup' },
      { type: 'custom', name: 'buy' },
    ]
    const { dropped, read } = ingestEvents(events, { site })
    expect(dropped).toEqual({ not_permitted: 4 })
    expect(read.map(row => row.name)).toEqual(['signup', 'buy'])
  })

  test('in strict mode, what no granted purpose covers', () => {
    const batch = { consent: grant(purposeSet(['calls'])) }
    const events: Said[] = [
      pageview,
      { type: 'click', kind: 'outbound', href: 'https://other.example/' },
      { type: 'click', kind: 'tel', href: 'tel:+40213000000' },
      { type: 'engagement', activeMs: 5000, scroll: [1, 3] },
    ]
    const { dropped, read } = ingestEvents(events, { site: strict, batch })
    expect(dropped).toEqual({ not_permitted: 3 })
    expect(read).toMatchObject([
      { type: 'click', kind: 'tel', dialled: '+40213000000', path: '', visitor: '0' },
    ])
  })

  test('in strict mode, scroll without engaged time', () => {
    const batch = { consent: grant(purposeSet(['behaviour'])) }
    const events: Said[] = [
      { type: 'engagement', activeMs: 5000 },
      { type: 'engagement', scroll: [1, 4] },
    ]
    const { dropped, read } = ingestEvents(events, { site: strict, batch })
    expect(dropped).toEqual({ not_permitted: 1 })
    expect(read).toMatchObject([{ scroll_from: '1', scroll_to: '4', active_ms: '0' }])
  })
})
