// What the attributes of the snippet do: routes in the fragment, excluded pages, pages that count themselves, a status.

import { expect, test } from 'vitest'
import type { TestPage } from '../tools/testing/browser.ts'
import { exempt, grant, tellNow, useLab } from '../tools/testing/tracker_lab.ts'

const fixture = useLab()

const noNavigation = 'delete window.navigation; window.navigation = undefined'
const go = (page: TestPage, ...steps: readonly string[]) =>
  page.evaluate(
    `(async () => { for (const step of ${JSON.stringify(steps)}) { eval(step); await new Promise(next => setTimeout(next, 30)) } })()`,
  )

/** Of each pageview: path, navigation, arrival, and the own page before it. */
async function told(page: TestPage): Promise<unknown[]> {
  await tellNow(page)
  await fixture.lab.until('pageview')
  await page.waitForTimeout(100)
  const { origin } = fixture.lab
  return fixture.lab
    .events('pageview')
    .map(({ pageUrl, navigation, arrival, from, referrer }) => [
      pageUrl.slice(origin.length),
      navigation,
      arrival,
      from,
      referrer?.slice(origin.length),
    ])
}

test.each([
  ['with the Navigation API', false],
  ['without it', true],
])('data-hash: the path in the fragment goes on where the page’s own ends, %s', async (_, isOld) => {
  const { lab } = fixture
  const page = await fixture.newPage()
  if (isOld) await page.addInitScript(noNavigation)
  lab.pages.set('/app/', { script: `${exempt} data-hash`, body: '<a href="#!/orders/4">4</a>' })
  await page.goto(`${lab.origin}/app/#/orders/3?token=secret`)
  await page.click('a')
  await go(
    page,
    "location.hash = '#top'",
    "location.hash = '#/access_token=secret'",
    "history.pushState({}, '', '#/last#secret')",
    "history.replaceState({}, '', '#/last?filter=secret')",
  )
  // What comes so soon after a click on a link comes of it.
  await page.waitForTimeout(1000)
  await page.goBack()
  const back = isOld ? 'unknown' : 'back_forward'
  expect(await told(page)).toEqual([
    ['/app/orders/3', 'navigate', 'unknown', undefined, undefined],
    ['/app/orders/4', 'route', 'link', '/app/orders/3', '/app/orders/3'],
    ['/app/', 'route', 'link', '/app/orders/4', '/app/orders/4'],
    ['/app/access_token', 'route', 'link', '/app/', '/app/'],
    ['/app/last', 'route', 'link', '/app/access_token', '/app/access_token'],
    ['/app/access_token', 'route', back, '/app/last', '/app/last'],
  ])
  expect(JSON.stringify(lab.batches)).not.toMatch(/secret|top|!|#/)
})

test('without data-hash no fragment makes a page', async () => {
  const page = await fixture.visit(exempt)
  await go(page, "location.hash = '#/orders/3'", "history.pushState({}, '', '#/orders/4')")
  expect(await told(page)).toEqual([['/page', 'navigate', 'unknown', undefined, undefined]])
})

const excluding = `${exempt} data-exclude="/Admin/*, /drafts/*/edit\n/page.html /über"`

test.each([
  ['/admin', true],
  ['/admin/users/3', true],
  ['/administration', false],
  ['/drafts/7/edit', true],
  ['/drafts/7', false],
  ['/page.html', true],
  ['/pageAhtml', false],
  ['/über', true],
])('data-exclude: %s', async (path, isExcluded) => {
  const { lab } = fixture
  const page = await fixture.newPage()
  lab.pages.set(new URL(path, lab.origin).pathname, {
    script: excluding,
    status: 404,
    body: '<button>b</button>',
  })
  lab.pages.set('/end', { script: exempt })
  await page.goto(`${lab.origin}${path}`)
  await page.click('button')
  await page.goto(`${lab.origin}/end`)
  await tellNow(page)
  await expect.poll(() => lab.events('pageview').some(({ pageUrl }) => pageUrl.endsWith('/end'))).toBe(true)
  const paths = new Set(lab.events().map(({ pageUrl }) => decodeURI(new URL(pageUrl).pathname)))
  expect([...paths].sort()).toEqual(isExcluded ? ['/end'] : [path, '/end'].sort())
})

test('data-exclude: a route to an excluded page ends the one before, a route from it begins a new one', async () => {
  const { lab } = fixture
  const page = await fixture.visit(excluding, '<button>b</button>', page =>
    grant(page, ['statistics', 'behaviour']),
  )
  await page.waitForTimeout(50)
  await go(page, "history.pushState({}, '', '/admin/users')")
  await page.click('button')
  await go(
    page,
    "lightfoot.track('inside'); lightfoot.pageview()",
    "history.pushState({}, '', '/admin/other')",
  )
  await go(page, "history.pushState({}, '', '/after')")
  expect(await told(page)).toEqual([
    ['/page', 'navigate', 'unknown', undefined, undefined],
    ['/after', 'route', 'unknown', undefined, undefined],
  ])
  expect(lab.events('engagement').map(({ pageUrl }) => new URL(pageUrl).pathname)).toEqual([
    '/page',
    '/after',
  ])
  expect(JSON.stringify(lab.batches)).not.toMatch(/admin|inside/)
})

test('data-manual: a page is what the page says', async () => {
  const page = await fixture.visit(`${exempt} data-manual`)
  await go(page, "lightfoot.track('early')", "history.pushState({}, '', '/one')")
  await tellNow(page)
  expect(fixture.lab.requests).toEqual([])
  await go(
    page,
    'lightfoot.pageview()',
    "history.pushState({}, '', '/two')",
    "history.pushState({}, '', '/three')",
    'lightfoot.pageview()',
  )
  expect(await told(page)).toEqual([
    ['/one', 'navigate', 'unknown', undefined, undefined],
    ['/three', 'route', 'unknown', '/one', '/one'],
  ])
})

const noStatus =
  "Object.defineProperty(PerformanceNavigationTiming.prototype, 'responseStatus', { get: () => undefined })"
test.each([
  ['as the browser tells it, whatever the page says', 'data-status="200"', '', 404],
  ['as the page says, where the browser does not tell', 'data-status="404"', noStatus, 404],
  ['unknown', '', noStatus, undefined],
  ['unknown if it is none', 'data-status="4040"', noStatus, undefined],
])('status: %s', async (_, attribute, script, wanted) => {
  const { lab } = fixture
  const page = await fixture.newPage()
  await grant(page, ['performance'])
  await page.addInitScript(script)
  lab.pages.set('/gone', { script: `${exempt} ${attribute}`, status: 404 })
  await page.goto(`${lab.origin}/gone`)
  await tellNow(page)
  const [seen] = await lab.until('pageview')
  expect(seen?.status).toBe(wanted)
  expect(lab.events('error').map(({ status }) => status)).toEqual(wanted ? [wanted] : [])
})
