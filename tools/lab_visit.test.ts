// The lab and the pinned snippet, as the built product serves them to a real browser.

import { afterAll, beforeAll, expect, test } from 'vitest'
import { openBrowser, type TestBrowser, type TestPage } from './testing/browser.ts'
import { type Product, startProduct } from './testing/product.ts'
import { sampleAgent } from './testing/sample_batch.ts'

let product: Product
let browser: TestBrowser

beforeAll(async () => {
  ;[product, browser] = await Promise.all([
    startProduct({ args: ['--demo'] }),
    openBrowser({ userAgent: sampleAgent }),
  ])
})

afterAll(async () => {
  await browser?.close()
  await product?.stop()
})

/** What the lab's list says of one kind of event; its line holds all of the texts. */
async function shown(page: TestPage, ...texts: string[]): Promise<void> {
  const lines = page.locator('#batches .events > li')
  const line = texts.reduce((found, text) => found.filter({ hasText: text }), lines)
  await line.first().waitFor({ timeout: 10_000 })
}

const press = (page: TestPage, name: string) => page.getByRole('button', { name, exact: true }).click()
/** Another tab is looked at: what is told only then is told now. */
const hide = (page: TestPage) => page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")

async function open(path: string, options = {}): Promise<{ page: TestPage; messages: string[] }> {
  const page = await browser.newPage(options)
  const messages: string[] = []
  page.on('console', message => messages.push(message.text()))
  await page.context().route('https://example.org/**', route => route.fulfill({ body: 'elsewhere' }))
  await page.goto(product.publicUrl + path)
  await page.waitForFunction('window.lightfoot?.consent')
  return { page, messages }
}

test('the lab shows every kind of signal as it is sent, with its level, bytes and answer', async () => {
  const { page } = await open('/demo/lab/')
  await page.getByText('Nothing yet.').waitFor()
  await shown(page, 'pageview')
  const first = page.locator('#batches > li').last()
  await expect
    .poll(() => first.locator('.facts').textContent())
    .toMatch(/^exempt · default.*fetch[\d,]+ bytes202$/)

  await press(page, 'Grant these')
  await page.getByText('Choice: grant').waitFor()
  await shown(page, 'pageview', 'navigation "consent"')
  expect(await page.locator('#state').textContent()).toMatch(/granted.*statistics, behaviour, performance/)
  await page.getByText('granted · statistics, behaviour, performance · choice').first().waitFor()

  await page.getByRole('link', { name: 'Outbound link' }).click()
  await page.getByRole('link', { name: 'Download' }).click()
  await press(page, 'Named button')
  await press(page, 'lightfoot.track()')
  await press(page, 'lightfoot.view()')
  await press(page, 'lightfoot.search()')
  await press(page, 'data-lf-event')
  await press(page, 'Missing image')
  await press(page, 'Missing style')
  await page.getByText('Rest the pointer here').hover()
  await page.waitForTimeout(400)
  await page.getByLabel('Name').fill('planted name')
  await press(page, 'Submit')
  await press(page, 'Next route')
  await hide(page)
  await shown(page, 'click', 'target "lab-outbound"', 'kind "outbound"')
  await shown(page, 'click', 'kind "download"')
  await shown(page, 'click', 'kind "button"', 'target "lab-button"')
  await shown(page, 'custom', 'name "signed up"', '"plan":"small"')
  await shown(page, 'custom', 'name "plan chosen"')
  await shown(page, 'view', 'name "Kite repair"', 'group "Services"')
  await shown(page, 'search', 'term "delta"', 'results 3')
  await shown(page, 'error', 'tag "img"')
  await shown(page, 'error', 'tag "link"')
  await shown(page, 'hover', 'target "lab-hover"')
  await shown(page, 'form', 'form "lab-form"', 'outcome "submit"')
  await shown(page, 'pageview', '/demo/lab/route-1', 'navigation "route"')
  expect(await page.locator('#batches').textContent()).not.toContain('planted')
  expect(page.faults).toEqual([])

  await page.goto(`${product.publicUrl}/demo/lab/?mode=strict`)
  await shown(page, 'exit')
  expect(await page.locator('#sum').textContent()).toMatch(/^\d+ batches, \d+ events, [\d,]+ bytes$/)
  await press(page, 'Withdraw')
  await page.getByText('Choice: withdraw').waitFor()
  await page.locator('#state', { hasText: 'none' }).waitFor()
  await press(page, 'Clear')
  await page.reload()
  await page.waitForFunction("window.lightfoot?.consent.status().level === 'none'")
  await page.getByText('Nothing yet.').waitFor()

  await press(page, 'Open #lightfoot-off')
  await page.locator('#state', { hasText: 'the cookie lightfoot_off=1' }).waitFor()
  await page.locator('#state', { hasText: 'objected' }).waitFor()
  await press(page, 'Open #lightfoot-on')
  await page.locator('#state', { hasText: 'nothing' }).waitFor()
  expect(page.faults).toEqual([])
})

test('the lab with the small script: every button may be pressed, and no grant is asked for', async () => {
  const { page } = await open('/demo/lab/?script=core')
  await shown(page, 'pageview')
  expect(await page.locator('script[data-site]').getAttribute('src')).toBe('/lightfoot.core.js')
  for (const name of [
    'Grant these',
    'lightfoot.track()',
    'lightfoot.view()',
    'lightfoot.search()',
    'Withdraw',
  ])
    await press(page, name)
  await press(page, 'Named button')
  await hide(page)
  await shown(page, 'click', 'kind "button"')
  await press(page, 'Object')
  await page.getByText('Choice: object').waitFor()
  expect(await page.locator('#batches').textContent()).not.toMatch(/Choice: (grant|withdraw)|custom|granted/)
  expect(page.faults).toEqual([])
})

test.each([
  ['light', 390],
  ['dark', 1280],
] as const)('the lab, %s, fits a window of %i px', async (colorScheme, width) => {
  const { page, messages } = await open('/demo/lab/', { colorScheme, viewport: { width, height: 800 } })
  await shown(page, 'pageview')
  expect(await page.evaluate('document.documentElement.scrollWidth - innerWidth')).toBeLessThanOrEqual(0)
  expect([...messages, ...page.faults]).toEqual([])
})

test('the pinned snippet: the browser takes exactly this file, and none that was changed', async () => {
  const { stdout } = await product.cli(['snippet', '--pinned', '--local', '--collector', product.publicUrl])
  expect(stdout).toContain(' integrity="sha384-')
  const page = await browser.newPage()
  const answers: string[] = []
  page.on('response', answer => answers.push(`${answer.status()} ${new URL(answer.url()).pathname}`))
  const body = `<!doctype html><title>pinned</title>${stdout}`
  await page.route('**/pinned', route => route.fulfill({ contentType: 'text/html', body }))
  await page.goto(`${product.publicUrl}/pinned`)
  const status = await page.evaluate("lightfoot.consent.set({ purposes: ['statistics'] })")
  expect(status).toMatchObject({ level: 'granted' })
  const folder = /\/t\/\w+\//.exec(stdout)?.[0]
  expect(answers).toContain(`200 ${folder}lightfoot.consent.js`)

  await page.route('**/t/*/lightfoot.js', async route => {
    const response = await route.fetch()
    await route.fulfill({ response, body: `${await response.text()}\n` })
  })
  await page.goto(`${product.publicUrl}/pinned`)
  expect(await page.evaluate('window.lightfoot')).toBeUndefined()
  expect(page.faults).toEqual([])
})
