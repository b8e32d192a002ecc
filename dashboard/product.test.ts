// The page as the built product serves it, in a real browser, with the reports of a visited demo site: every figure that
// the API gives is on the page, under the product's own headers, and fits a laptop and a phone.

import type { Locator } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openBrowser, type TestBrowser, type TestPage } from '../tools/testing/browser.ts'
import { type Product, startProduct, untilReported } from '../tools/testing/product.ts'
import type { Report, ReportInfo, Row } from './api.ts'
import { formatValue, headingOf } from './format.ts'

const reportNames =
  'totals hours pages sources flows audience actions calls scroll timings exits errors'.split(' ')
const widths = [1280, 390]

let product: Product
let browser: TestBrowser
let infos: ReportInfo[]
const pages = new Map<number, TestPage>()
const messages: string[] = []

beforeAll(async () => {
  ;[product, browser] = await Promise.all([startProduct(), openBrowser()])
  const { status, stderr } = await product.cli(['demo', '--visits', '100', '--seed', '7'])
  expect(status, stderr).toBe(0)
  await untilReported(product)
  infos = (await (await fetch(`${product.adminUrl}/api/reports`)).json()) as ReportInfo[]
  for (const width of widths) pages.set(width, await open(width))
}, 180_000)

afterAll(async () => {
  await browser?.close()
  await product?.stop()
})

/** Whatever the console says is wrong: a message of the policy, a request that failed. */
async function open(width: number): Promise<TestPage> {
  const page = await browser.newPage({ viewport: { width, height: 800 } })
  page.on('console', message => messages.push(`${width}: ${message.text()}`))
  await page.goto(`${product.adminUrl}/`)
  await page.getByText(/^\d+ reports, /).waitFor()
  return page
}

async function cardOf(name: string, width = 1280): Promise<{ card: Locator; report: Report }> {
  const page = pages.get(width)!
  const card = page.getByRole('region', { name: infos.find(info => info.name === name)!.title, exact: true })
  // The same question as the page asked: the link has it.
  const address = await card.getByRole('link', { name: 'JSON' }).getAttribute('href')
  const response = await fetch(product.adminUrl + address)
  return { card, report: (await response.json()) as Report }
}

/** All tables of a card, all their rows: heading → text. */
async function shownRows(card: Locator): Promise<Record<string, string>[]> {
  const more = card.getByRole('button', { name: /^Show all/ })
  // Each goes when it was pressed.
  while ((await more.count()) > 0) await more.first().click()
  return card.evaluate(root =>
    [...root.querySelectorAll('table')].flatMap(table => {
      const headings = [...table.querySelectorAll('thead th')].map(cell => cell.textContent)
      return [...table.querySelectorAll('tbody tr')].map(row =>
        Object.fromEntries([...row.children].map((cell, at) => [headings[at], cell.textContent])),
      )
    }),
  )
}

/** A row of the API as the page should show it; only columns that say something anywhere. */
function wantedRows({ columns, rows }: Report, change: (row: Row) => Row = row => row) {
  const texts = rows.map(row => columns.map(column => formatValue(column, change(row)[column.name])))
  const isShown = columns.map((_, at) => texts.some(line => line[at] !== '–'))
  return texts.map(line =>
    Object.fromEntries(
      columns.flatMap(({ name }, at) => (isShown[at] ? [[headingOf(name), line[at] ?? '']] : [])),
    ),
  )
}

test('the reports stand in the order in which they are read', async () => {
  expect(infos.map(({ name }) => name)).toEqual(reportNames)
  expect(await pages.get(1280)!.getByRole('heading', { level: 2 }).allTextContents()).toEqual(
    infos.map(({ title }) => title),
  )
})

describe('what the API gives is on the page', () => {
  test.each(['totals', 'pages', 'sources', 'flows', 'actions', 'exits', 'errors'])('%s', async name => {
    const { card, report } = await cardOf(name)
    expect(report.rows.length).toBeGreaterThan(0)
    expect(await card.getByRole('row').count()).toBe(Math.min(report.rows.length, 10) + 1)
    expect(await shownRows(card)).toEqual(wantedRows(report))
  })

  test('hours, the newest first', async () => {
    const { card, report } = await cardOf('hours')
    const wanted = wantedRows(report, row => ({ ...row, hour: String(row.hour).slice(11, 16) }))
    expect(await shownRows(card)).toEqual(wanted.reverse())
  })

  test('audience, a table for each dimension', async () => {
    const { card, report } = await cardOf('audience')
    const type = 'String'
    const wanted = report.rows.map(({ dimension, value, views, visitors }) => ({
      [headingOf(String(dimension))]: formatValue({ name: String(dimension), type }, value),
      'Page views': Number(views).toLocaleString('en'),
      Visitors: Number(visitors).toLocaleString('en'),
    }))
    expect(await shownRows(card)).toEqual(wanted)
  })

  test('scroll, a column for each tenth of a page', async () => {
    const { card, report } = await cardOf('scroll')
    const shown = await shownRows(card)
    expect(shown).toHaveLength(new Set(report.rows.map(row => row.path)).size)
    for (const { path, decile, share, visitors } of report.rows) {
      const row = shown.find(({ Page }) => Page === path)
      expect(row?.[`${Number(decile) * 10}%`]).toBe(formatValue({ name: 'share', type: 'Float64' }, share))
      expect(row?.Visitors).toBe(Number(visitors).toLocaleString('en'))
    }
  })

  test('timings, each metric by choice', async () => {
    const { card, report } = await cardOf('timings')
    const choice = card.getByLabel('Figure')
    const metrics = await choice
      .locator('option')
      .evaluateAll(all => all.map(option => (option as HTMLOptionElement).value))
    expect(new Set(metrics)).toEqual(new Set(report.rows.map(({ metric }) => metric)))
    const columns = report.columns.filter(({ name }) => name !== 'metric')
    for (const metric of metrics) {
      await choice.selectOption(metric)
      const rows = report.rows.filter(row => row.metric === metric)
      expect(await shownRows(card)).toEqual(wantedRows({ ...report, columns, rows }))
    }
  })
})

describe.each(widths)('%i px', width => {
  test('the page is not wider than its window, and every number is in sight', async () => {
    const page = pages.get(width)!
    expect(
      await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth),
    ).toBe(0)
    const hidden = await page.evaluate(() =>
      [...document.querySelectorAll('td.number')]
        .filter(cell => {
          const { left, right, width } = cell.getBoundingClientRect()
          return width === 0 || left < 0 || right > innerWidth || cell.scrollWidth > cell.clientWidth
        })
        // On a phone ten tenths scroll beside the page's name.
        .filter(cell => innerWidth > 400 || !cell.closest('table.wide'))
        .map(cell => `${cell.closest('section')?.getAttribute('aria-label')}: ${cell.textContent}`),
    )
    expect(hidden).toEqual([])
  })
})

test('the snippet of the site, to copy; and the addresses that keep its people out of the reports', async () => {
  for (const width of widths) {
    const page = await browser.newPage({ viewport: { width, height: 800 } })
    page.on('console', message => messages.push(`snippet, ${width}: ${message.text()}`))
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
    await page.goto(`${product.adminUrl}/`)
    await page.getByRole('link', { name: 'Snippet' }).click()
    const snippet = page.locator('#snippet')
    await snippet.filter({ hasText: `src="${product.publicUrl}/lightfoot.js"` }).waitFor()
    await page.getByLabel('Address of the collector').fill('https://stats.example.com/')
    await page.keyboard.press('Enter')
    const line =
      '<script defer src="https://stats.example.com/lightfoot.js" data-site="demo" data-mode="exempt"'
    await snippet.filter({ hasText: line }).waitFor()
    await page.getByLabel('Script').selectOption('core')
    await snippet.filter({ hasText: line.replace('.js', '.core.js') }).waitFor()
    await page.getByRole('button', { name: 'Copy the snippet' }).click()
    await page.getByText('Copied.').waitFor()
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(await snippet.textContent())
    await page
      .getByText('script-src https://stats.example.com; connect-src https://stats.example.com')
      .waitFor()
    const addresses = await page
      .locator('#addresses a')
      .evaluateAll(all => all.map(a => a.getAttribute('href')))
    expect(addresses).toContain(`${product.publicUrl}/#lightfoot-off`)
    expect(addresses).toContain(`${product.publicUrl}/#lightfoot-on`)
    expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(
      0,
    )
    pages.set(-width, page)
  }
})

test('nothing was thrown, refused by the policy, or written to the console', () => {
  expect([...pages.values()].flatMap(({ faults }) => faults)).toEqual([])
  expect(messages).toEqual([])
})
