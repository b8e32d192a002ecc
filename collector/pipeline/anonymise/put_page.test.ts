import { expect, test } from 'vitest'
import { purposeSet } from '../../../contract/purposes.ts'
import { grant, ingestEvents, makeSite, siteOrigin } from '../../../tools/testing/pipeline.ts'

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

test('on a page that reveals, nothing tells its content', () => {
  const pages = [{ id: 'pageidpage0', url: `${siteOrigin}/health/hiv?utm_term=hiv&utm_content=hiv` }]
  const { rows, accepted } = ingestEvents(
    [
      {
        type: 'pageview',
        title: 'HIV',
        referrer: `${siteOrigin}/health/hiv/before`,
        from: '/health/hiv/before',
      },
      { type: 'view', name: 'HIV', group: 'hiv' },
      { type: 'search', term: 'hiv', results: 1 },
      { type: 'custom', name: 'asked', props: { about: 'hiv' } },
      { type: 'click', kind: 'internal', target: 'hiv', href: '/health/hiv/next' },
      { type: 'hover', target: 'hiv', ms: 500 },
      { type: 'form', form: 'hiv', outcome: 'submit' },
      { type: 'error', kind: 'resource', url: '/health/hiv.png', message: 'hiv' },
    ],
    { site, batch: { pages, consent: grant(127) } },
  )
  expect(accepted).toBe(8)
  expect(rows.toString().toLowerCase()).not.toContain('hiv')
})
