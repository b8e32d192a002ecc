// What a page holds, on the whole path: a real Chromium searches and looks around the demo site of the built product, before
// consent and after it, and what ClickHouse then has is what the consent matrix allows.

import { afterAll, beforeAll, expect, test } from 'vitest'
import { askRows } from './testing/ask_database.ts'
import { openBrowser, type TestBrowser } from './testing/browser.ts'
import { type Product, startProduct, untilReported } from './testing/product.ts'
import { sampleAgent } from './testing/sample_batch.ts'

type Row = Record<string, string | number>

let product: Product
let browser: TestBrowser
let rows: Row[]

const markup = `
  <h2 data-lf-view="Tern" data-lf-group="Kites">Tern</h2>
  <button data-lf-event="plan chosen" data-lf-event-plan="small">Buy</button>`
const broken = `
  new FontFace('gone', 'url(/demo/gone.woff2)').load().catch(() => {})
  setTimeout(() => { throw Error('no place for “delta” of "A. Planted"') })`

/** Searches for kites, finds three; looks, clicks, and meets what is broken. */
async function visit(isGranted: boolean): Promise<void> {
  const page = await browser.newPage()
  await page.goto(`${product.publicUrl}/demo/`)
  if (isGranted) {
    await page.locator('[data-lf=consent-accept]').click()
    await page.getByText('Thank you').waitFor()
  }
  await page.goto(`${product.publicUrl}/demo/search.html?q=first+kite`)
  await page.locator('[data-lf-results]').waitFor()
  await page.evaluate(html => document.body.insertAdjacentHTML('afterbegin', html), markup)
  await page.getByText('Buy').click()
  await page.evaluate(broken)
  // Two looks at what is in view, a second apart.
  await page.waitForTimeout(2500)
  await page.goto(`${product.publicUrl}/demo/search.html?q=submarine`)
  await page.locator('[data-lf-results="0"]').waitFor()
  await page.goto('about:blank')
  await page.waitForTimeout(300)
  await page.context().close()
}

beforeAll(async () => {
  ;[product, browser] = await Promise.all([startProduct(), openBrowser({ userAgent: sampleAgent })])
  await Promise.all([visit(false), visit(true)])
  await untilReported(product)
  product.kill('supervisor', 'SIGTERM')
  await product.ended()
  rows = await askRows<Row>(
    product.dataDirectory,
    `select type, consent, kind, amount, term, name, name_group, properties, tag, status, resource, message, line
     from events where type in ('search', 'view', 'custom', 'error') order by type, kind, name`,
  )
}, 120_000)

afterAll(async () => {
  await browser?.close()
  await product?.stop()
})

/** What is there beside the type, of rows of this kind of consent. */
const told = (consent: string) =>
  rows
    .filter(row => row.consent === consent)
    .map(({ consent, ...row }) => Object.fromEntries(Object.entries(row).filter(([, value]) => value)))

test('before consent: that there was a search and how much it found, in buckets; the kind of an error', () => {
  expect(told('exempt')).toEqual([
    { type: 'error', kind: 'resource', status: 400 },
    { type: 'error', kind: 'script' },
    { type: 'search', kind: 'empty' },
    { type: 'search', kind: 'found', amount: 2 },
  ])
})

test('after it: terms, numbers, names, properties; what failed, its message without data', () => {
  expect(told('granted')).toEqual([
    { type: 'custom', name: 'plan chosen', properties: '{"plan":"small"}' },
    {
      type: 'error',
      kind: 'resource',
      tag: 'font',
      status: 404,
      resource: expect.stringMatching(/demo.gone/),
    },
    { type: 'error', kind: 'script', message: 'Error: no place for * of *', line: 2 },
    { type: 'search', kind: 'empty', term: 'submarine' },
    { type: 'search', kind: 'found', amount: 4, term: 'first kite' },
    { type: 'view', name: 'Tern', name_group: 'Kites' },
  ])
})
