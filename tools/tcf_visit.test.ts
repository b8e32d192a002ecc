// A site with a consent platform of the IAB, from the configuration to ClickHouse: a page with the printed snippet and a
// platform, a visitor who consents, changes and withdraws, and what is in the database and in the ledger at the end.

import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { purposeSet } from '../contract/purposes.ts'
import { askRows } from './testing/ask_database.ts'
import { openBrowser, type TestBrowser, type TestPage } from './testing/browser.ts'
import { freePorts } from './testing/free_ports.ts'
import { type Product, startProduct, untilReported } from './testing/product.ts'
import { sampleAgent } from './testing/sample_batch.ts'
import { searchFor } from './testing/search_bytes.ts'
import { platformScript, tcData } from './testing/tc_string.ts'
import { tellNow } from './testing/tracker_lab.ts'
import { waitUntil } from './testing/wait_until.ts'

let browser: TestBrowser
let product: Product
let folder: string

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'lightfoot-tcf-'))
  const [port = 0] = await freePorts(1)
  const tcf = {
    purposes: { 1: ['identity'], 8: ['statistics', 'behaviour'] },
    custom: { 1: ['performance'] },
  }
  const site = {
    id: 'shop',
    origins: [`http://127.0.0.1:${port}`],
    mode: 'strict',
    policy: 1,
    minimumGroup: 1,
    tcf,
  }
  ;[browser, product] = await Promise.all([
    openBrowser({ userAgent: sampleAgent }),
    startProduct({ config: { sites: [site] }, env: { LIGHTFOOT_PORT: String(port) }, folder }),
  ])
})

afterAll(async () => {
  await Promise.all([browser?.close(), product?.stop()])
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
})

const level = (page: TestPage, wanted: string) =>
  page.waitForFunction(`window.lightfoot?.consent.status().level === '${wanted}'`)

test('what a platform grants arrives, as far as it grants it', async () => {
  const { stdout: snippet } = await product.cli(['snippet', '--collector', product.publicUrl, '--local'])
  expect(snippet).toContain(' data-tcf="1:identity 8:statistics,behaviour c1:performance"')

  const page = await browser.newPage()
  const asked = tcData({}, 'cmpuishown')
  const chosen = tcData({ purposes: [1, 8] }, 'useractioncomplete')
  const html = (first: typeof asked) =>
    `<!doctype html><html lang=en><head><title>planted</title><script>${platformScript(first)}</script>${snippet}</head><body>text</body></html>`
  let first = asked
  await page.route('**/page*', route => route.fulfill({ contentType: 'text/html', body: html(first) }))

  await page.goto(`${product.publicUrl}/page`)
  await level(page, 'none')
  await page.evaluate(`platform(${JSON.stringify(chosen)})`)
  await level(page, 'granted')
  first = { ...chosen, eventStatus: 'tcloaded' }
  await page.goto(`${product.publicUrl}/page?2`)
  await level(page, 'granted')
  await tellNow(page)
  // A page that claims more than its string says: the collector grants the less, and the page claims no more.
  await page.evaluate(
    `platform(${JSON.stringify({ ...tcData({ purposes: [8] }, 'useractioncomplete'), publisher: chosen.publisher })})`,
  )
  await page.waitForFunction("lightfoot.consent.status().purposes.join() === 'statistics,behaviour'")
  // What waits when the visitor withdraws is not sent.
  await tellNow(page)
  await page.evaluate(`platform(${JSON.stringify(tcData({ purposes: [2] }, 'useractioncomplete'))})`)
  await level(page, 'none')
  expect(await page.evaluate('localStorage.length')).toBe(0)
  await waitUntil('the withdrawal is in the ledger', async () => ledger().length === 3)
  expect(page.faults).toEqual([])
  await page.context().close()

  await untilReported(product)
  const metrics = await (await fetch(`${product.adminUrl}/metrics`)).text()
  expect(metrics).toMatch(/lightfoot_notices_total\{[^}]*notice="signals_disagree"[^}]*\} 1\n/)
  await product.stop()
  const rows = await askRows(
    product.dataDirectory,
    "select navigation, purposes, title from events where type = 'pageview' order by purposes desc, navigation",
  )
  const wide = purposeSet(['statistics', 'behaviour', 'identity'])
  expect(rows).toEqual([
    // The visitor chose before the page began.
    { navigation: 'navigate', purposes: wide, title: 'planted' },
    { navigation: 'navigate', purposes: wide, title: 'planted' },
    { navigation: 'consent', purposes: purposeSet(['statistics', 'behaviour']), title: 'planted' },
  ])

  expect(ledger()).toMatchObject([
    { choice: 'grant', purposes: ['statistics', 'behaviour', 'identity'], source: 'tcf' },
    { choice: 'grant', purposes: ['statistics', 'behaviour'], source: 'tcf' },
    { choice: 'withdraw', purposes: [] },
  ])
  expect(
    searchFor([chosen.tcString, chosen.tcString.split('.')[1] ?? '']).directory(product.dataDirectory),
  ).toEqual([])
}, 120_000)

function ledger(): Record<string, unknown>[] {
  const directory = join(product.dataDirectory, 'ledger')
  const lines = readdirSync(directory).flatMap(name =>
    readFileSync(join(directory, name), 'utf8').trim().split('\n'),
  )
  return lines.map(line => JSON.parse(line))
}
