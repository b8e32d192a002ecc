import { describe, expect, test } from 'vitest'
import { purposeSet } from '../../../contract/purposes.ts'
import {
  everyPurpose,
  grant,
  ingestEvents,
  makeSite,
  type Said,
  siteOrigin,
} from '../../../tools/testing/pipeline.ts'

const site = makeSite({ numbers: ['+40213000000'], events: ['signup'] })

/** What the event's row says in exempt mode and with everything granted. */
function both(
  event: Said,
  url = '/',
): [Record<string, string> | undefined, Record<string, string> | undefined] {
  const pages = [{ id: 'pageidpage0', url: siteOrigin + url }]
  const exempt = ingestEvents([event], { site, batch: { pages } }).read[0]
  const granted = ingestEvents([event], { site, batch: { pages, consent: grant(everyPurpose) } }).read[0]
  return [exempt, granted]
}

type Case = readonly [name: string, event: Said, exempt: object | undefined, granted: object]

const cases: readonly Case[] = [
  [
    'a page view',
    { type: 'pageview', title: ' Our shop ', navigation: 'navigate', arrival: 'link', status: 404 },
    { title: '', navigation: 'navigate', arrival: 'link', status: '400' },
    { title: 'Our shop', navigation: 'navigate', arrival: 'link', status: '404' },
  ],
  [
    'engagement in milliseconds',
    { type: 'engagement', activeMs: 7300.4, visibleMs: 12_000 },
    { active_ms: '5000', visible_ms: '10000', scroll_from: '0', scroll_to: '0' },
    { active_ms: '7300', visible_ms: '12000', scroll_from: '0', scroll_to: '0' },
  ],
  [
    'engagement in steps',
    { type: 'engagement', activeMs: 5000, visibleMs: 15_000, scroll: [1, 3] },
    { active_ms: '5000', visible_ms: '15000', scroll_from: '1', scroll_to: '3' },
    { active_ms: '5000', visible_ms: '15000', scroll_from: '1', scroll_to: '3' },
  ],
  [
    'scroll, deciles of two quarters',
    { type: 'engagement', scroll: [2, 6] },
    { scroll_from: '1', scroll_to: '5' },
    { scroll_from: '2', scroll_to: '6' },
  ],
  [
    'scroll within a quarter',
    { type: 'engagement', scroll: [6, 7] },
    { scroll_from: '0', scroll_to: '0' },
    { scroll_from: '6', scroll_to: '7' },
  ],
  [
    'scroll, its last quarter',
    { type: 'engagement', scroll: [9, 10] },
    { scroll_from: '9', scroll_to: '10' },
    { scroll_from: '9', scroll_to: '10' },
  ],
  [
    'scroll, the whole page',
    { type: 'engagement', scroll: [1, 10] },
    { scroll_from: '1', scroll_to: '10' },
    { scroll_from: '1', scroll_to: '10' },
  ],
  [
    'an exit',
    { type: 'exit', method: 'link', target: 'Other.example' },
    { kind: 'link', target_host: '' },
    { kind: 'link', target_host: 'other.example' },
  ],
  [
    'an outbound click',
    {
      type: 'click',
      kind: 'outbound',
      target: 'partner',
      href: 'https://user:pw@other.example/a?b=c#d',
      frustration: 'dead',
    },
    { kind: 'outbound', target: '', target_host: '', target_path: '', frustration: '' },
    {
      kind: 'outbound',
      target: 'partner',
      target_host: 'other.example',
      target_path: '/a',
      frustration: 'dead',
    },
  ],
  [
    'an internal click',
    { type: 'click', kind: 'internal', href: '/user/a@b.co' },
    { kind: 'internal', target_host: '', target_path: '' },
    { kind: 'internal', target_host: 'www.example.com', target_path: '/user/:email' },
  ],
  [
    'a mail link',
    { type: 'click', kind: 'mailto', href: 'mailto:john@example.com' },
    { kind: 'mailto', target_host: '', target_path: '' },
    { kind: 'mailto', target_host: '', target_path: '' },
  ],
  [
    'a declared number',
    { type: 'click', kind: 'tel', href: 'tel:+40-21-300.00.00' },
    { kind: 'tel', dialled: '+40213000000', target_host: '' },
    { kind: 'tel', dialled: '+40213000000', target_host: '' },
  ],
  [
    'another number',
    { type: 'click', kind: 'tel', href: 'tel:+40722123456' },
    { kind: 'tel', dialled: '' },
    { kind: 'tel', dialled: '+40722123456' },
  ],
  [
    'a hover',
    { type: 'hover', target: 'menu', ms: 1234.5 },
    undefined,
    { target: 'menu', duration_ms: '1235' },
  ],
  [
    'a form',
    { type: 'form', form: 'contact', outcome: 'abandon', fields: 4, fillMs: 9000 },
    undefined,
    { kind: 'abandon', name: 'contact', amount: '4', duration_ms: '9000' },
  ],
  [
    'a search',
    { type: 'search', term: 'Red Shoes', results: 7 },
    { kind: 'found', term: '', amount: '6' },
    { kind: 'found', term: 'red shoes', amount: '7' },
  ],
  [
    'a search without result',
    { type: 'search', term: 'x', results: 0 },
    { kind: 'empty', amount: '0' },
    { kind: 'empty', amount: '0' },
  ],
  [
    'a search that does not know',
    { type: 'search', term: 'x' },
    { kind: '', amount: '0' },
    { kind: '', amount: '0' },
  ],
  [
    'a view',
    { type: 'view', name: 'Boots', group: 'Shoes' },
    undefined,
    { name: 'Boots', name_group: 'Shoes' },
  ],
  [
    'a missing image',
    { type: 'error', kind: 'resource', tag: 'IMG', url: `${siteOrigin}/img/gone.png?token=1`, status: 404 },
    { kind: 'resource', tag: '', resource: '', status: '400', message: '', line: '0' },
    { kind: 'resource', tag: 'img', resource: 'www.example.com/img/gone.png', status: '404' },
  ],
  [
    'a script error',
    {
      type: 'error',
      kind: 'script',
      file: 'https://cdn.example/a.js?v=1',
      line: 7,
      message: 'john@example.com is not a function',
    },
    { kind: 'script', resource: '', message: '', line: '0' },
    { kind: 'script', resource: 'cdn.example/a.js', message: ':email is not a function', line: '7' },
  ],
  [
    'a missing font',
    { type: 'error', kind: 'resource', tag: 'css', url: `${siteOrigin}/fonts/a.woff2` },
    { kind: 'resource', tag: '' },
    { kind: 'resource', tag: 'font', resource: 'www.example.com/fonts/a.woff2' },
  ],
  [
    'a missing background',
    { type: 'error', kind: 'resource', tag: 'css', url: `${siteOrigin}/img/a.png` },
    { kind: 'resource', tag: '' },
    { kind: 'resource', tag: 'css' },
  ],
  [
    "an element of the page's own",
    { type: 'error', kind: 'resource', tag: 'john-smith' },
    { kind: 'resource', tag: '' },
    { kind: 'resource', tag: 'other' },
  ],
  [
    'response times',
    { type: 'timing', dns: 12.6, ttfb: 130, load: 2600, bytes: 5000, protocol: 'H2' },
    { dns_ms: '10', ttfb_ms: '100', load_ms: '2500', connect_ms: '0', transfer_bytes: '4096', protocol: '' },
    {
      dns_ms: '13',
      ttfb_ms: '130',
      load_ms: '2600',
      connect_ms: '0',
      transfer_bytes: '5000',
      protocol: 'h2',
    },
  ],
  ['an unknown protocol', { type: 'timing', protocol: 'secret' }, { protocol: '' }, { protocol: 'other' }],
  [
    'a vital',
    { type: 'vital', name: 'LCP', value: 2617.3 },
    { name: 'LCP', value: '2500' },
    { name: 'LCP', value: '2617.3' },
  ],
  [
    'layout shift',
    { type: 'vital', name: 'CLS', value: 0.13 },
    { name: 'CLS', value: '0.1' },
    { name: 'CLS', value: '0.13' },
  ],
  [
    'a declared event',
    {
      type: 'custom',
      name: 'signup',
      props: { plan: 'a@b.co', 'e@mail.com': 1, yes: true, phone: 40_722_123_456, n: 12 },
    },
    { name: 'signup', properties: '' },
    { name: 'signup', properties: '{":email":1,"n":12,"phone":":number","plan":":email","yes":true}' },
  ],
  ['an undeclared event', { type: 'custom', name: 'other' }, undefined, { name: 'other', properties: '' }],
]

test.each(cases)('%s', (_, event, exempt, granted) => {
  const [inExempt, inGranted] = both(event)
  if (exempt === undefined) expect(inExempt).toBeUndefined()
  else expect(inExempt).toMatchObject(exempt)
  expect(inGranted).toMatchObject(granted)
})

describe('referrer', () => {
  test.each([
    ['https://www.google.com/search?q=secret', 'www.google.com', '', '/search'],
    ['https://www.google.com', 'www.google.com', '', '/'],
    [`${siteOrigin}/catalogue?page=2`, '', '/catalogue', '/catalogue'],
    [`${siteOrigin}/user/a@b.co`, '', '/user/:email', '/user/:email'],
    ['http://www.example.com/other-scheme', 'www.example.com', '', '/other-scheme'],
    ['android-app://com.example.mail/', 'com.example.mail', '', ''],
    ['http://203.0.113.77/x', ':address', '', '/x'],
    ['about:blank', '', '', ''],
    ['junk', '', '', ''],
    ['', '', '', ''],
  ])('%s', (referrer, referrer_host, exemptPath, grantedPath) => {
    const [exempt, granted] = both({ type: 'pageview', referrer })
    expect(exempt).toMatchObject({ referrer_host, referrer_path: exemptPath })
    expect(granted).toMatchObject({ referrer_host, referrer_path: grantedPath })
  })

  test.each([
    ['/before', '/before'],
    [`${siteOrigin}/before?x=1#y`, '/before'],
    ['/a@b.co', '/:email'],
    ['https://other.example/x', ''],
    ['//other.example/x', ''],
    ['javascript:1', ''],
  ])('the own page before: %s', (from, from_path) => {
    expect(both({ type: 'pageview', from })[0]).toMatchObject({ from_path })
  })
})

describe('campaign', () => {
  const url =
    '/?utm_source=News&utm_medium=email&utm_campaign=spring&utm_term=red%20shoes&utm_content=a%40b.co&gclid=EAIaIQ_x-1'

  test('source and medium before consent, all with it', () => {
    const [exempt, granted] = both({ type: 'pageview' }, url)
    const none = { campaign_name: '', campaign_term: '', campaign_content: '', click_id: '' }
    expect(exempt).toMatchObject({ campaign_source: 'news', campaign_medium: 'email', ...none })
    expect(granted).toMatchObject({
      campaign_source: 'news',
      campaign_medium: 'email',
      campaign_name: 'spring',
      campaign_term: 'red shoes',
      campaign_content: ':email',
      click_id: 'gclid=EAIaIQ_x-1',
    })
  })

  // Before consent one plain word; with it, what the scrub leaves.
  test.each([
    ['spring.sale-2_a', 'spring.sale-2_a', 'spring.sale-2_a'],
    ['NewsLetter', 'newsletter', 'newsletter'],
    ['kite-'.repeat(8), 'kite-'.repeat(8), 'kite-'.repeat(8)],
    [`${'kite-'.repeat(8)}s`, '', `${'kite-'.repeat(8)}s`],
    ['mary%20jones', '', 'mary jones'],
    ['Mary+Jones+1984', '', 'mary jones 1984'],
    ['m%C3%A4ry', '', 'märy'],
    ['mary%2520jones', '', 'mary jones'],
    ['john%40example.com', '', ':email'],
    ['203.0.113.77', '', ':address'],
    ['0799.314.159', '', ':number'],
    ['Zq9xT4kW7vB2mN5p', '', ':token'],
    ['', '', ''],
  ])('source and medium, said as %s', (said, exemptCell, grantedCell) => {
    const [exempt, granted] = both({ type: 'pageview' }, `/?utm_source=${said}&utm_medium=${said}`)
    expect(exempt).toMatchObject({ campaign_source: exemptCell, campaign_medium: exemptCell })
    expect(granted).toMatchObject({ campaign_source: grantedCell, campaign_medium: grantedCell })
  })

  test.each([
    ['/?ref=john.smith'],
    ['/?source=Mary+Jones+1984'],
    ['/?utm_source=&ref=b'],
    ['/?UTM_SOURCE=b'],
  ])('no other parameter is a campaign: %s', path => {
    for (const row of both({ type: 'pageview' }, path)) {
      expect(row).toMatchObject({ campaign_source: '', campaign_medium: '' })
    }
  })

  test.each([
    ['/?fbclid=IwAR_1', 'fbclid=IwAR_1'],
    ['/?msclkid=1a2b', 'msclkid=1a2b'],
    ['/?gclid=john%40example.com', ''],
    ['/?gclid=203.0.113.77', ''],
    ['/?gclid=a%20b&ttclid=x', 'ttclid=x'],
    ['/?clid=1', ''],
  ])('the click id of %s', (path, click_id) => {
    expect(both({ type: 'pageview' }, path)[1]).toMatchObject({ click_id })
  })

  test('campaigns alone opens them, statistics alone does not', () => {
    const pages = [{ id: 'pageidpage0', url: siteOrigin + url }]
    const idWith = (purpose: 'campaigns' | 'statistics') =>
      ingestEvents([{ type: 'pageview' }], { batch: { pages, consent: grant(purposeSet([purpose])) } })
        .read[0]?.click_id
    expect(idWith('campaigns')).toBe('gclid=EAIaIQ_x-1')
    expect(idWith('statistics')).toBe('')
  })
})

test('strict, only calls granted: the kind of a click is told by the kept number alone', () => {
  const strict = makeSite({ mode: 'strict' })
  const batch = { consent: grant(purposeSet(['calls'])) }
  const [row] = ingestEvents([{ type: 'click', kind: 'button', href: 'tel:112' }], {
    site: strict,
    batch,
  }).read
  expect(row).toMatchObject({ kind: 'tel', dialled: '112' })
})

test.each([
  ['127.0.0.1:18080', '127.0.0.1:18080'],
  ['127.0.0.1:18081', ':address'],
  ['other.example:8443', 'other.example:8443'],
])('a click and an exit to %s say the same host', (host, wanted) => {
  const own = makeSite({ origins: [siteOrigin, 'http://127.0.0.1:18080'] })
  const click: Said = { type: 'click', kind: 'outbound', href: `http://${host}/` }
  const exit: Said = { type: 'exit', method: 'link', target: host }
  const { read } = ingestEvents([click, exit], { site: own, batch: { consent: grant(everyPurpose) } })
  expect(read.map(row => row.target_host)).toEqual([wanted, wanted])
})
