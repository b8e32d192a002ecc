// The whole path: a real Chromium visits the demo site of the built product, and what it did is found in ClickHouse
// through the report command and the private listener. Nothing is looked at on the way.

import { setTimeout as sleep } from 'node:timers/promises'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openBrowser, type TestBrowser, type TestPage } from './testing/browser.ts'
import { type Product, startProduct, untilReported } from './testing/product.ts'
import { sampleAgent } from './testing/sample_batch.ts'

type Rows = Record<string, string | number>[]

let product: Product
let browser: TestBrowser
let page: TestPage
/** Milliseconds that the guide was open, in view and used. */
let guideMs: number
/** Milliseconds that the catalogue keeps its visitors waiting: well inside the bucket from 200 to 300 (contract/steps.ts). */
const catalogueMs = 220
/** Longer than events are gathered in a page. */
const gatheredMs = 1500
const others = ['flows', 'sources', 'scroll', 'actions', 'errors', 'timings', 'exits', 'totals', 'audience']
const reports = new Map<string, Rows>()

beforeAll(async () => {
  ;[product, browser] = await Promise.all([startProduct(), openBrowser({ userAgent: sampleAgent })])
  page = await browser.newPage({ viewport: { width: 1280, height: 720 }, acceptDownloads: true })
  // The one host of the demo that is not on this machine.
  await page.context().route('https://example.org/**', route => route.fulfill({ body: 'elsewhere' }))
  // One page that takes its time, so that a response time is known.
  await page.context().route('**/demo/catalogue/', async route => {
    await sleep(catalogueMs)
    await route.continue()
  })
  await visit(page)
  await page.context().close()
  await untilReported(product)
  reports.set('pages', await reportByCommand('pages'))
  for (const name of others) reports.set(name, (await product.report(name, 'demo')) as Rows)
}, 180_000)

afterAll(async () => {
  await browser?.close()
  await product?.stop()
})

async function visit(page: TestPage): Promise<void> {
  const open = (path: string) => page.goto(product.publicUrl + path)
  await open('/demo/')
  await accept(page)
  await follow(page, 'hero-kites')
  await follow(page, 'catalogue-tern')
  await readGuide(page)

  // A missing image, a download, and a link to a missing page; back from there.
  await page.locator('.main-nav').getByText('Repairs').click()
  await page.waitForLoadState('load')
  const download = page.waitForEvent('download')
  await page.locator('[data-lf=care-sheet]').click()
  await download
  await follow(page, 'old-prices')
  await settle(page)
  await page.goBack()
  await settle(page)

  // A reload, a typed address, a script, a form, a route without a new document.
  await page.reload()
  await settle(page)
  await open('/demo/kites/heron.html')
  await settle(page)
  await page.evaluate(() => {
    setTimeout(() => {
      location.href = '/demo/kites/eel.html'
    }, 50)
  })
  await page.waitForURL('**/eel.html')
  await settle(page)
  await open('/demo/contact.html')
  await clickInVain(page)
  await page.locator('[data-lf=contact-phone]').click()
  // What follows a click within a second counts as its consequence.
  await settle(page, gatheredMs)
  await page.fill('#name', 'A. Planted-Name')
  await page.fill('#reply', 'planted.form@example.net')
  await page.fill('#message', 'planted message')
  await page.locator('[data-lf=contact-send]').click()
  await page.waitForURL('**/thanks.html')
  await settle(page)
  await open('/demo/app/')
  await page.locator('[data-lf=wind-fresh]').click()
  await settle(page)

  await open('/demo/')
  await settle(page)
  await page.locator('[data-lf=home-fields]').click()
  await page.waitForURL('https://example.org/**')
  await sleep(500)
}

/** A button that does nothing: three times at once, and once with all the time that it would need. */
async function clickInVain(page: Page): Promise<void> {
  // What a grant opens is judged by a file of its own.
  await page.waitForFunction(() =>
    performance.getEntriesByType('resource').some(({ name }) => name.endsWith('/lightfoot.granted.js')),
  )
  await page.evaluate(() =>
    document.body.insertAdjacentHTML('beforeend', '<button data-lf="in-vain">Go</button>'),
  )
  const button = page.locator('[data-lf=in-vain]')
  // With a pause: clicks of the very same time are those of a label and its control.
  await button.click({ clickCount: 3, delay: 30 })
  await settle(page, 600)
  await button.click()
  await settle(page, 1200)
}

async function accept(page: Page): Promise<void> {
  await page.locator('[data-lf=consent-accept]').click()
  await page.getByText('Thank you').waitFor()
  await settle(page, gatheredMs)
}

async function follow(page: Page, name: string): Promise<void> {
  await Promise.all([page.waitForEvent('load'), page.locator(`[data-lf=${name}]`).first().click()])
  await settle(page)
}

/** Timings come after the load. Events are gathered for a second: most pages are left before that, as by people in a hurry. */
async function settle(page: Page, restMs = 300): Promise<void> {
  await page.waitForLoadState('load')
  await sleep(restMs)
}

async function readGuide(page: Page): Promise<void> {
  await page.locator('.main-nav').getByText('Guide').click()
  await page.waitForLoadState('load')
  const openedAt = performance.now()
  for (let step = 1; step <= 10; step++) {
    await page.mouse.move(300 + step, 300)
    await page.evaluate(share => scrollTo(0, share * document.documentElement.scrollHeight), step / 10)
    await sleep(500)
  }
  guideMs = performance.now() - openedAt
}

async function reportByCommand(name: string): Promise<Rows> {
  const { status, stdout, stderr } = await product.cli(['report', name, '--site', 'demo', '--format', 'json'])
  expect(status, stderr).toBe(0)
  return JSON.parse(stdout).rows
}

function rows(name: string, wanted: Record<string, string | number>): Rows {
  const all = reports.get(name) ?? []
  return all.filter(row => Object.entries(wanted).every(([key, value]) => String(row[key]) === String(value)))
}

function sum(name: string, wanted: Record<string, string | number>, column: string): number {
  return rows(name, wanted).reduce((total, row) => total + Number(row[column]), 0)
}

test('the page never saw an exception', () => {
  expect(page.faults).toEqual([])
})

test('the path from page to page, with referrers', () => {
  const flow = (from_path: string, path: string) =>
    sum('flows', { from_path, path, arrival: 'link' }, 'views')
  expect(flow('/demo/', '/demo/catalogue/')).toBe(1)
  expect(flow('/demo/catalogue/', '/demo/kites/tern.html')).toBe(1)
  expect(flow('/demo/kites/tern.html', '/demo/guide.html')).toBe(1)
  expect(flow('/demo/guide.html', '/demo/repairs.html')).toBe(1)
  expect(flow('/demo/repairs.html', '/demo/repairs/prices-2019.html')).toBe(1)
  expect(sum('flows', { path: '/demo/app/fresh/', navigation: 'route' }, 'views')).toBe(1)
})

test('arrivals that the next page can see: reload, typed address, back', () => {
  expect(sum('flows', { path: '/demo/repairs.html', arrival: 'reload' }, 'views')).toBe(1)
  expect(sum('flows', { path: '/demo/kites/heron.html', arrival: 'address' }, 'views')).toBe(1)
  expect(sum('flows', { path: '/demo/repairs.html', arrival: 'back_forward' }, 'views')).toBe(1)
})

test('exits that a page can see: link, form, back, script', () => {
  const exits = (path: string, method: string) => sum('exits', { path, method }, 'exits')
  expect(exits('/demo/', 'link')).toBeGreaterThanOrEqual(1)
  expect(exits('/demo/contact.html', 'form')).toBe(1)
  expect(exits('/demo/repairs/prices-2019.html', 'back_forward')).toBe(1)
  expect(exits('/demo/kites/heron.html', 'script')).toBe(1)
  expect(sum('exits', { path: '/demo/', method: 'link', target_host: 'example.org' }, 'exits')).toBe(1)
  // A reload and a typed address cannot be told apart by the page that is left: the next page tells.
  expect(exits('/demo/repairs.html', 'reload')).toBe(1)
  expect(exits('/demo/repairs.html', 'address')).toBe(1)
})

test('engaged time, within a second and a half of what the visitor did', () => {
  const [guide] = rows('pages', { path: '/demo/guide.html' })
  expect(Number(guide?.views)).toBe(1)
  expect(Number(guide?.active_ms)).toBeGreaterThan(guideMs - 1500)
  expect(Number(guide?.active_ms)).toBeLessThan(guideMs + 1500)
  expect(Number(guide?.visible_ms)).toBeGreaterThanOrEqual(Number(guide?.active_ms))
})

test('every tenth of the guide was reached, and not every tenth of a page that was not scrolled', () => {
  const deciles = (path: string) =>
    rows('scroll', { path })
      .map(row => Number(row.decile))
      .sort((a, b) => a - b)
  expect(deciles('/demo/guide.html')).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])
  expect(deciles('/demo/kites/tern.html')).toContain(1)
  expect(deciles('/demo/kites/tern.html')).not.toContain(10)
})

test('the outbound, download and phone clicks', () => {
  const clicks = (wanted: Record<string, string>) => sum('actions', wanted, 'clicks')
  expect(clicks({ kind: 'outbound', target: 'home-fields', target_host: 'example.org' })).toBe(1)
  expect(clicks({ kind: 'download', target_path: '/demo/files/kite-care.pdf' })).toBe(1)
  expect(clicks({ kind: 'tel', target: 'contact-phone' })).toBe(1)
  expect(clicks({ kind: 'internal', target: 'catalogue-tern' })).toBe(1)
})

test('the clicks in vain, the hover before them, and the form; each click counts once', () => {
  const clicks = (frustration: string) => sum('actions', { target: 'in-vain', frustration }, 'clicks')
  expect([clicks(''), clicks('rage'), clicks('dead')]).toEqual([2, 1, 1])
  expect(sum('totals', { type: 'hover', consent: 'granted' }, 'events')).toBeGreaterThan(0)
  expect(sum('totals', { type: 'form' }, 'events')).toBe(1)
  expect(sum('totals', { type: 'form', consent: 'granted' }, 'events')).toBe(1)
})

test('the missing image and the missing page', () => {
  expect(
    sum('errors', { kind: 'resource', tag: 'img', path: '/demo/repairs.html' }, 'errors'),
  ).toBeGreaterThan(0)
  expect(sum('errors', { kind: 'page', status: 404, path: '/demo/repairs/prices-2019.html' }, 'errors')).toBe(
    1,
  )
})

test('response times: as long as the page kept its visitor waiting, where others were quick', () => {
  const medianMs = (path: string, metric: string) => {
    const found = rows('timings', { path, metric })
    expect([path, metric, found.length]).toEqual([path, metric, 1])
    return Number(found[0]?.median_ms)
  }
  expect(medianMs('/demo/catalogue/', 'ttfb')).toBeGreaterThanOrEqual(200)
  expect(medianMs('/demo/catalogue/', 'ttfb')).toBeLessThan(1000)
  expect(medianMs('/demo/catalogue/', 'load')).toBeGreaterThanOrEqual(200)
  expect(medianMs('/demo/guide.html', 'ttfb')).toBeGreaterThan(0)
  expect(medianMs('/demo/guide.html', 'ttfb')).toBeLessThan(200)
})

test('vitals of a page that was stayed on, and only one figure of each', () => {
  const found = rows('timings', { path: '/demo/guide.html' }).filter(({ metric }) =>
    /^[A-Z]/.test(String(metric)),
  )
  expect(found.map(({ metric, samples }) => `${metric} ${samples}`)).toEqual(
    expect.arrayContaining(['TTFB 1', 'FCP 1', 'LCP 1', 'CLS 1']),
  )
})

test('one visitor, in Chrome, and the page says who is anonymous and who granted', () => {
  expect(sum('audience', { dimension: 'browser', value: 'Chrome' }, 'visitors')).toBe(1)
  expect(sum('totals', { type: 'pageview', consent: 'exempt' }, 'events')).toBeGreaterThanOrEqual(1)
  expect(sum('totals', { type: 'pageview', consent: 'granted' }, 'events')).toBeGreaterThanOrEqual(14)
})

test('nothing that was written into the form is in any report', () => {
  expect(JSON.stringify([...reports.values()])).not.toMatch(/planted/i)
})
