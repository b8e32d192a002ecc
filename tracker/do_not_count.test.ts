// “Do not count me”: any page opened with #lightfoot-off, in both scripts.

import { expect, test } from 'vitest'
import type { TestPage } from '../tools/testing/browser.ts'
import { exempt, grant, strict, tellNow, useLab } from '../tools/testing/tracker_lab.ts'

const fixture = useLab()

const csp = (origin: string) =>
  `default-src 'none'; script-src ${origin}; connect-src ${origin}; require-trusted-types-for 'script'`
const cookies = async (page: TestPage) =>
  (await page.context().cookies()).map(({ name, value }) => `${name}=${value}`)
const box = (page: TestPage) => page.locator('[role=status]')

test.each(['lightfoot.js', 'lightfoot.core.js'] as const)(
  '%s: #lightfoot-off objects before the page counts, #lightfoot-on takes it back',
  async file => {
    const { lab } = fixture
    lab.pages.set('/page', {
      script: exempt,
      file,
      headers: { 'Content-Security-Policy': csp(lab.origin) },
      body: '<p>text</p>',
    })
    const page = await fixture.newPage()
    await page.goto(`${lab.origin}/page#lightfoot-off`)
    await box(page).getByText('This website does not count your visits.').waitFor()
    // Its styles hold under a strict policy.
    expect(await box(page).evaluate(element => getComputedStyle(element).position)).toBe('fixed')
    expect(await cookies(page)).toEqual(['lightfoot_off=1'])
    // The core has no state to tell.
    const level = file === 'lightfoot.core.js' ? undefined : 'objected'
    expect(await page.evaluate('lightfoot.consent.status()?.level')).toBe(level)
    expect(lab.requests.map(({ path, body }) => [path, JSON.parse(body)])).toEqual([
      ['/v1/consent', { site: 'lab', policy: 1, choice: 'object' }],
    ])
    await box(page).click()
    expect(await box(page).count()).toBe(0)

    // Another time: there is nothing to tell the collector.
    await page.reload()
    await box(page).waitFor()
    expect(lab.requests).toHaveLength(1)

    await page.goto(`${lab.origin}/page?on#lightfoot-on`)
    await box(page).getByText('This website may count your visits.').waitFor()
    expect(await cookies(page)).toEqual([])
    await tellNow(page)
    await lab.until('pageview')
    expect(lab.events('pageview')).toHaveLength(1)
  },
)

test('typed on a page that is open: stops at once, removes what was kept; the notice speaks the page’s language', async () => {
  const { lab } = fixture
  const page = await fixture.visit(strict, '', page => grant(page, ['statistics', 'identity']))
  await page.evaluate("document.documentElement.lang = 'de-AT'; location.hash = '#lightfoot-off'")
  await box(page).getByText('Diese Website zählt Ihre Besuche nicht.').waitFor()
  expect(await box(page).getAttribute('lang')).toBe('de')
  expect(await page.evaluate('localStorage.length')).toBe(0)
  await page.evaluate("lightfoot.track('x')")
  await tellNow(page)
  expect(await page.evaluate('lightfoot.consent.status()')).toMatchObject({ level: 'objected', purposes: [] })
  expect(lab.events('custom')).toEqual([])
})

test('where no cookie can be kept the notice does not claim it', async () => {
  const page = await fixture.newPage()
  fixture.lab.pages.set('/page', { script: `${exempt} data-cookie-domain="elsewhere.example"` })
  await page.goto(`${fixture.lab.origin}/page#lightfoot-off`)
  await box(page).getByText('This website may count your visits.').waitFor()
})

test.each(['#lightfoot-offer', '#lightfoot', '#x#lightfoot-off', ''])(
  '%j is another fragment',
  async hash => {
    const { lab } = fixture
    const page = await fixture.newPage()
    lab.pages.set('/page', { script: exempt })
    await page.goto(`${lab.origin}/page${hash}`)
    await tellNow(page)
    await lab.until('pageview')
    expect(await cookies(page)).toEqual([])
    expect(await box(page).count()).toBe(0)
  },
)
