import { expect, test } from 'vitest'
import { purposeSet } from '../../../contract/purposes.ts'
import {
  everyPurpose,
  grant,
  ingestEvents,
  makeSite,
  type Said,
  siteOrigin,
} from '../../../tools/testing/pipeline.ts'

const site = makeSite({
  groups: [
    { name: 'Orders', path: '/order/*' },
    { name: 'Health', path: '/health/*' },
    { name: 'Rest', path: '/*' },
  ],
  sensitive: ['/health/*'],
})

test.each([
  ['/order/7?page=2', '/order/7', 'page=2', 'Orders'],
  ['/about?x=1', '/about', '', 'Rest'],
  ['/health/hiv?page=2', '/health/*', '', 'Health'],
  ['/user/john@example.com', '/user/:email', '', 'Rest'],
])('%s', (url, path, parameters, page_group) => {
  const pages = [{ id: 'pageidpage0', url: siteOrigin + url }]
  const exempt = ingestEvents([{ type: 'pageview' }], { site, batch: { pages } }).read[0]
  expect(exempt).toMatchObject({ host: 'www.example.com', path, parameters: '', page_group })
  const consent = grant(purposeSet(['statistics']))
  const granted = ingestEvents([{ type: 'pageview' }], { site, batch: { pages, consent } }).read[0]
  expect(granted).toMatchObject({ path, parameters, page_group })
})

test('strict without statistics: no page, no group', () => {
  const strict = makeSite({ ...site, mode: 'strict' })
  const batch = { consent: grant(purposeSet(['campaigns'])) }
  const [row] = ingestEvents([{ type: 'pageview' }], { site: strict, batch }).read
  expect(row).toMatchObject({ host: '', path: '', parameters: '', page_group: '' })
})

const elsewhere = 'https://hiv.example/hiv'
const campaign = 'utm_source=hiv&utm_medium=hiv&utm_campaign=hiv&utm_term=hiv&utm_content=hiv&gclid=hiv'
/** Events of a page that reveals, each telling why one is there in every way that it has. */
const telling: readonly Said[] = [
  {
    type: 'pageview',
    title: 'HIV',
    referrer: `${siteOrigin}/health/hiv/before`,
    from: '/health/hiv/before',
  },
  { type: 'pageview', referrer: elsewhere },
  { type: 'pageview', referrer: 'android-app://hiv.example/' },
  { type: 'view', name: 'HIV', group: 'hiv' },
  { type: 'search', term: 'hiv', results: 1 },
  { type: 'custom', name: 'asked', props: { about: 'hiv' } },
  { type: 'custom', name: 'asked about hiv' },
  { type: 'click', kind: 'internal', target: 'hiv', href: '/health/hiv/next' },
  { type: 'click', kind: 'internal', href: '/images/hiv' },
  { type: 'click', kind: 'outbound', target: 'hiv', href: elsewhere },
  { type: 'hover', target: 'hiv', ms: 500 },
  { type: 'form', form: 'hiv', outcome: 'submit' },
  { type: 'exit', method: 'link', target: 'hiv.example' },
  { type: 'error', kind: 'resource', url: '/health/hiv.png', message: 'hiv' },
  { type: 'error', kind: 'resource', tag: 'img', url: '/images/hiv.png' },
  { type: 'error', kind: 'script', file: elsewhere, message: 'hiv' },
]

test.each([
  ['before consent', site, {}, 11],
  ['with everything granted', site, { consent: grant(everyPurpose) }, telling.length],
  ['strict', makeSite({ ...site, mode: 'strict' }), { consent: grant(everyPurpose) }, telling.length],
] as const)('on a page that reveals, nothing tells its content: %s', (_name, site, consent, wanted) => {
  const pages = [{ id: 'pageidpage0', url: `${siteOrigin}/health/hiv?page=hiv&${campaign}` }]
  const { rows, accepted } = ingestEvents(telling, { site, batch: { pages, ...consent } })
  expect(accepted).toBe(wanted)
  expect(rows.toString().toLowerCase()).not.toContain('hiv')
})

test('a page that reveals is told of by its pattern elsewhere too', () => {
  const { rows, read } = ingestEvents(
    [
      { type: 'pageview', referrer: `${siteOrigin}/Health/hiv?a=hiv`, from: '/health/hiv' },
      { type: 'click', kind: 'internal', href: '/health/hiv' },
      { type: 'error', kind: 'resource', url: '/health/hiv/a.png' },
    ],
    { site, batch: { consent: grant(everyPurpose) } },
  )
  expect(rows.toString().toLowerCase()).not.toContain('hiv')
  expect(read).toMatchObject([
    { referrer_path: '/health/*', from_path: '/health/*' },
    { target_host: 'www.example.com', target_path: '/health/*' },
    { resource: 'www.example.com/health/*' },
  ])
})

test('of a page that reveals, its own pages around it stay, and the declared names of its events', () => {
  const own = makeSite({ ...site, events: ['asked'] })
  const pages = [{ id: 'pageidpage0', url: `${siteOrigin}/health/hiv` }]
  const { read } = ingestEvents(
    [
      { type: 'pageview', referrer: `${siteOrigin}/about`, from: '/about' },
      { type: 'custom', name: 'asked' },
    ],
    { site: own, batch: { pages, consent: grant(everyPurpose) } },
  )
  expect(read).toMatchObject([{ referrer_path: '/about', from_path: '/about' }, { name: 'asked' }])
})
