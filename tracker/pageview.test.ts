import { expect, test } from 'vitest'
import { exempt, grant, tellNow, useLab } from '../tools/testing/tracker_lab.ts'

const fixture = useLab()
const links = '<a id=next href=/b>next</a>'

test('arrivals: unknown, link, reload, typed address, back', async () => {
  const { lab } = fixture
  for (const path of ['/page', '/b']) lab.pages.set(path, { script: exempt, body: links })
  const page = await fixture.visit(exempt, links)
  await page.click('#next')
  await page.waitForURL('**/b')
  await page.reload()
  await page.goto(`${lab.origin}/page`)
  await page.goBack()
  const seen = await lab.until('pageview', 5)
  const told = seen.map(({ pageUrl, navigation, arrival, from, referrer }) => [
    pageUrl.slice(lab.origin.length),
    navigation,
    arrival,
    from,
    referrer?.slice(lab.origin.length),
  ])
  expect(told).toEqual([
    ['/page', 'navigate', 'unknown', undefined, undefined],
    ['/b', 'navigate', 'link', '/page', '/page'],
    ['/b', 'reload', 'reload', '/b', undefined],
    ['/page', 'navigate', 'address', '/b', undefined],
    ['/b', 'back_forward', 'back_forward', '/page', undefined],
  ])
  expect(new Set(seen.map(event => event.pageId)).size).toBe(5)
  expect(seen.every(event => event.seq === 0 && event.status === 200)).toBe(true)
})

test.each([
  ['exempt', undefined, (elsewhere: string) => `${elsewhere}/`],
  ['statistics', 'statistics' as const, (elsewhere: string) => `${elsewhere}/from/here`],
])('the referrer of another site: %s', async (_, purpose, wanted) => {
  const { lab } = fixture
  const page = await fixture.newPage()
  if (purpose) await grant(page, [purpose])
  lab.pages.set('/page', { script: exempt })
  lab.pages.set('/from/here', {
    head: '<meta name=referrer content=unsafe-url>',
    body: `<a href="${lab.origin}/page">to</a>`,
  })
  await page.goto(`${lab.elsewhere}/from/here?q=secret#part`)
  await page.click('a')
  await page.waitForURL('**/page')
  await tellNow(page)
  const [seen] = await lab.until('pageview')
  expect(seen?.referrer).toBe(wanted(lab.elsewhere))
  expect(seen?.arrival).toBe('link')
  expect(seen?.from).toBeUndefined()
})

const campaign = 'utm_source=letter&utm_medium=mail'
const query = `${campaign}&utm_campaign=may&gclid=g1&q=shoes&token=secret&ref=friend&page=2&pages=3&page`
// Of the query only what the snippet names.
const named = 'data-parameters="ref page" data-search="q s"'
test.each([
  ['exempt', [], named, `?${campaign}`],
  ['statistics', ['statistics'], named, `?${campaign}&ref=friend&page=2&page`],
  ['statistics, no names', ['statistics'], '', `?${campaign}`],
  ['campaigns', ['campaigns'], named, `?${campaign}&utm_campaign=may&gclid=g1`],
  [
    'statistics and campaigns',
    ['statistics', 'campaigns'],
    named,
    `?${campaign}&utm_campaign=may&gclid=g1&ref=friend&page=2&page`,
  ],
] as const)('what is sent of the address: %s', async (_, purposes, names, wanted) => {
  const { lab } = fixture
  const page = await fixture.newPage()
  if (purposes.length > 0) await grant(page, [...purposes])
  lab.pages.set('/page', { script: `${exempt} ${names}` })
  await page.goto(`${lab.origin}/page?${query}#fragment`)
  await tellNow(page)
  const [seen] = await lab.until('pageview')
  expect(seen?.pageUrl).toBe(`${lab.origin}/page${wanted}`)
  expect(seen?.title).toBe((purposes as readonly string[]).includes('statistics') ? '/page' : undefined)
  expect(JSON.stringify(lab.batches)).not.toMatch(/fragment|secret/)
})

test.each([
  ['utm_source=mary%20jones&utm_medium=Mary+Jones', ''],
  ['utm_source=mary@example.com&utm_medium=Mail.list-2_a', '?utm_medium=Mail.list-2_a'],
  [`utm_source=${'x'.repeat(41)}&source=letter&ref=friend`, ''],
])('before consent no free text leaves the page: %s', async (query, wanted) => {
  const { lab } = fixture
  const page = await fixture.newPage()
  lab.pages.set('/page', { script: exempt })
  await page.goto(`${lab.origin}/page?${query}`)
  await tellNow(page)
  const [seen] = await lab.until('pageview')
  expect(seen?.pageUrl).toBe(`${lab.origin}/page${wanted}`)
})

const router = `<a id=link href=/one>one</a><script>
  document.addEventListener('click', event => {
    if (event.target.id !== 'link') return
    event.preventDefault()
    history.pushState({}, '', '/one?tab=1')
    setTimeout(() => { document.title = 'One' }, 50)
  })
</script>`

test.each([
  ['with the Navigation API', false],
  ['by patched history', true],
])('client-side routes %s', async (_, isOld) => {
  const { lab } = fixture
  const page = await fixture.visit(`${exempt} data-parameters="tab"`, router, async page => {
    await grant(page, ['statistics'])
    if (isOld) await page.addInitScript('delete window.navigation; window.navigation = undefined')
  })
  await page.click('#link')
  await page.waitForFunction("document.title === 'One'")
  await page.evaluate("history.replaceState({}, '', '/one?tab=2'); location.hash = 'x'")
  await tellNow(page)
  await page.waitForTimeout(1100)
  await page.evaluate("history.pushState({}, '', '/two')")
  await tellNow(page)
  await page.goBack()
  await tellNow(page)
  await lab.until('pageview', 4)
  const told = lab
    .events('pageview')
    .map(({ pageUrl, navigation, arrival, from, referrer, title, seq }) => [
      pageUrl.slice(lab.origin.length),
      navigation,
      arrival,
      from,
      referrer?.slice(lab.origin.length),
      title,
      seq,
    ])
  expect(told).toEqual([
    ['/page', 'navigate', 'unknown', undefined, undefined, '/page', 0],
    ['/one?tab=1', 'route', 'link', '/page', '/page', 'One', 0],
    ['/two', 'route', 'unknown', '/one', '/one', 'One', 0],
    ['/one?tab=2', 'route', 'back_forward', '/two', '/two', 'One', 0],
  ])
})

test('routes of a router that uses the Navigation API itself', async () => {
  const { lab } = fixture
  const page = await fixture.visit(
    exempt,
    `<a href=/one>one</a><script>navigation.addEventListener('navigate', event => {
      if (event.canIntercept) event.intercept({ async handler() {} })
    })</script>`,
  )
  await page.click('a')
  await tellNow(page)
  const seen = await lab.until('pageview', 2)
  expect(seen[1]).toMatchObject({ navigation: 'route', arrival: 'link', from: '/page' })
})

test('lightfoot.pageview() counts a page that has no address of its own', async () => {
  const page = await fixture.visit(exempt)
  await page.evaluate('lightfoot.pageview()')
  const seen = await fixture.lab.until('pageview', 2)
  expect(seen[1]).toMatchObject({ navigation: 'route', arrival: 'unknown', seq: 0 })
})

test.each([
  ['exempt', [], 400],
  ['performance', ['performance'], 404],
] as const)('a page that is broken: %s', async (_, purposes, status) => {
  const { lab } = fixture
  const page = await fixture.newPage()
  if (purposes.length > 0) await grant(page, [...purposes])
  lab.pages.set('/gone', { script: exempt, status: 404 })
  await page.goto(`${lab.origin}/gone`)
  await tellNow(page)
  const [seen] = await lab.until('pageview')
  const [error] = await lab.until('error')
  expect(seen?.status).toBe(status)
  expect(error).toMatchObject({ kind: 'page', status })
  expect(error?.pageUrl).toBe(`${lab.origin}/gone`)
})

// Chromium under Playwright keeps no pages, so the browser's two events are made here; the real thing is for test:browsers.
test('a page that comes back from the back/forward cache is a page of its own', async () => {
  const { lab } = fixture
  const page = await fixture.visit(exempt)
  await tellNow(page)
  await lab.until('timing')
  const transition = (type: string) =>
    page.evaluate(`dispatchEvent(new PageTransitionEvent('${type}', { persisted: true }))`)
  await transition('pagehide')
  await lab.until('exit')
  await page.evaluate("document.body.click(); history.pushState({}, '', '/nobody')")
  await transition('pageshow')
  const seen = await lab.until('pageview', 2)
  expect(seen[1]).toMatchObject({ navigation: 'bfcache', arrival: 'back_forward', seq: 0 })
  expect(seen[1]?.pageId).not.toBe(seen[0]?.pageId)
  expect(lab.events('timing')).toHaveLength(1)
})

test('a prerendered page counts when it is shown', async () => {
  const { lab } = fixture
  const page = await fixture.visit(exempt, '', page =>
    page.addInitScript(
      "Object.defineProperty(document, 'prerendering', { value: true, configurable: true })",
    ),
  )
  await page.waitForTimeout(1300)
  expect(lab.requests).toEqual([])
  await page.evaluate(
    "delete document.prerendering; document.dispatchEvent(new Event('prerenderingchange')); document.dispatchEvent(new Event('visibilitychange'))",
  )
  await lab.until('pageview')
  expect(lab.events('pageview')).toHaveLength(1)
})

test('a page in a frame is a page', async () => {
  const { lab } = fixture
  lab.pages.set('/inner', { script: exempt })
  await fixture.visit(exempt, '<iframe src=/inner></iframe>')
  const seen = await lab.until('pageview', 2)
  expect(seen.map(event => event.pageUrl.slice(lab.origin.length)).sort()).toEqual(['/inner', '/page'])
})
