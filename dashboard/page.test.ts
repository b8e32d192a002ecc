// The page in a real browser, under the private listener's own policy, against an API that answers as it is told.

import { readFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { build } from 'esbuild'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { openBrowser, type TestBrowser } from '../tools/testing/browser.ts'

const folder = import.meta.dirname
const policy =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; form-action 'none'; base-uri 'none'"

const columns = [
  { name: 'path', type: 'String' },
  { name: 'pageviews', type: 'UInt64' },
  { name: 'active_ms', type: 'UInt64' },
]
const manyRows = Array.from({ length: 40 }, (_, i) => ({
  path: `/page-${i}`,
  pageviews: String(4000 - i),
  active_ms: 90_500,
}))

type Answer = { status: number; body: unknown }
let wantedToken: string | undefined
let answers: Record<string, Answer>
let asked: string[]
let server: Server
let origin: string
let browser: TestBrowser

beforeAll(async () => {
  const options = { bundle: true, write: false, format: 'iife', target: 'es2020' } as const
  const { outputFiles } = await build({ ...options, entryPoints: [join(folder, 'main.ts')] })
  const files: Record<string, [string, Buffer]> = {
    '/': ['text/html', readFileSync(join(folder, 'index.html'))],
    '/style.css': ['text/css', readFileSync(join(folder, 'style.css'))],
    '/main.js': ['text/javascript', Buffer.from(outputFiles[0]!.contents)],
  }
  server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '', 'http://here')
    const [type, content] = files[pathname] ?? []
    if (content) {
      response
        .writeHead(200, { 'Content-Type': `${type}; charset=utf-8`, 'Content-Security-Policy': policy })
        .end(content)
      return
    }
    asked.push(request.url ?? '')
    const isAllowed = wantedToken === undefined || request.headers.authorization === `Bearer ${wantedToken}`
    const { status, body } = isAllowed
      ? (answers[pathname] ?? { status: 404, body: {} })
      : { status: 401, body: {} }
    response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(body))
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  browser = await openBrowser()
})

afterAll(async () => {
  await browser?.close()
  server?.close()
})

beforeEach(() => {
  wantedToken = undefined
  asked = []
  const report = (rows: unknown[], notes: string[] = []) => ({
    status: 200,
    body: {
      site: 'shop',
      from: '2026-01-01',
      to: '2026-01-02',
      timezone: 'Pacific/Auckland',
      columns,
      rows,
      notes,
    },
  })
  answers = {
    '/api/sites': {
      status: 200,
      body: [
        { id: 'shop', name: 'Shop', timezone: 'Pacific/Auckland' },
        { id: 'blog', name: 'Blog', timezone: 'America/Los_Angeles' },
      ],
    },
    '/api/reports': {
      status: 200,
      body: ['pages', 'errors', 'exits'].map(name => ({
        name,
        title: `All ${name}`,
        description: `About ${name}.`,
      })),
    },
    '/api/reports/pages': report(manyRows, ['Sum of daily visitors.']),
    '/api/reports/errors': report([]),
    '/api/reports/exits': {
      status: 503,
      body: { error: { code: 'engine_away', message: 'The database is not ready yet.' } },
    },
  }
})

async function open(query = ''): Promise<Page & { faults: string[] }> {
  const page = await browser.newPage({ timezoneId: 'UTC' })
  // What the policy forbids is told on the console.
  page.on(
    'console',
    message => message.text().includes('Content Security Policy') && page.faults.push(message.text()),
  )
  await page.goto(`${origin}/${query}`)
  return page
}

test('a report is a table with a caption, scopes, formatted figures, notes and a bar', async () => {
  const page = await open()
  const card = page.getByRole('region', { name: 'All pages', exact: true })
  const first = card.getByRole('row').nth(1)
  await first.waitFor()
  expect(await card.locator('caption').textContent()).toMatch(/^All pages, \d{4}-\d\d-\d\d to /)
  expect(await card.getByRole('columnheader').allTextContents()).toEqual([
    'Page',
    'Pageviews',
    'Engaged, average',
  ])
  expect(await first.getByRole('rowheader').textContent()).toBe('/page-0')
  expect(await first.getByRole('cell').allTextContents()).toEqual(['4,000', '1 min 31 s'])
  expect(await card.getByRole('listitem').count()).toBe(0)
  await card.getByText('How to read this').click()
  expect(await card.getByRole('listitem').allTextContents()).toEqual(['Sum of daily visitors.'])
  expect(
    await first.getByRole('rowheader').evaluate(cell => getComputedStyle(cell).backgroundSize),
  ).toContain('100%')
  expect(await card.getByRole('row').count()).toBe(11)
  await card.getByRole('button', { name: 'Show all 40 rows' }).click()
  expect(await card.getByRole('row').count()).toBe(41)
  expect(page.faults).toEqual([])
})

test('an empty report says so; a failed one says why, lets the others be, and can be tried again', async () => {
  const page = await open()
  await page.getByRole('region', { name: 'All errors' }).getByText('Nothing in this period.').waitFor()
  const failed = page.getByRole('region', { name: 'All exits' })
  await failed.getByText('The database is not ready yet.').waitFor()
  answers['/api/reports/exits'] = answers['/api/reports/pages']!
  await failed.getByRole('button', { name: 'Try again' }).click()
  await failed.getByRole('table').waitFor()
  expect(await failed.getByRole('alert').count()).toBe(0)
})

test('days are of the site’s zone, and the view is in the address', async () => {
  const page = await browser.newPage({ timezoneId: 'UTC' })
  await page.clock.setFixedTime('2026-02-28T12:00:00Z')
  await page.goto(`${origin}/?period=today`)
  await page.getByText('Days in Pacific/Auckland').waitFor()
  await page.getByLabel('Site', { exact: true }).selectOption('blog')
  await page.getByText('Days in America/Los_Angeles').waitFor()
  const days = asked.filter(url => url.startsWith('/api/reports/pages')).map(url => url.replace(/.*\?/, ''))
  expect(days).toEqual([
    'site=shop&from=2026-03-01&to=2026-03-01&format=json',
    'site=blog&from=2026-02-28&to=2026-02-28&format=json',
  ])
  expect(new URL(page.url()).search).toBe('?site=blog&period=today')
})

test('own days are chosen from the keyboard, and wrong ones are not asked for', async () => {
  const page = await open('?site=shop&period=own&from=2026-01-01&to=2026-01-04')
  await page.getByRole('table').first().waitFor()
  expect(asked).toContain('/api/reports/pages?site=shop&from=2026-01-01&to=2026-01-04&format=json')
  asked = []
  await page.getByLabel('Last day').fill('2025-12-31')
  await page.getByRole('button', { name: 'Refresh' }).press('Enter')
  expect(
    await page.getByLabel('Last day').evaluate((input: HTMLInputElement) => input.validationMessage),
  ).toBe('The first day is after the last.')
  expect(asked).toEqual([])
  await page.getByRole('radio', { name: 'Today' }).focus()
  await page.keyboard.press('ArrowRight')
  expect(await page.getByRole('radio', { name: 'Last 7 days' }).isChecked()).toBe(true)
})

test('a token is asked for once in a tab, and files are fetched with it', async () => {
  wantedToken = 'a-token-of-this-installation'
  const page = await open()
  await page.getByRole('textbox', { name: 'Token' }).fill(wantedToken)
  await page.keyboard.press('Enter')
  await page.getByRole('table').first().waitFor()
  await page.reload()
  await page.getByRole('table').first().waitFor()
  const downloading = page.waitForEvent('download')
  await page.getByRole('link', { name: 'All pages as CSV' }).click()
  expect((await downloading).suggestedFilename()).toMatch(/^pages-shop-.*\.csv$/)
  expect(page.faults).toEqual([])
})

test('nothing is wider than a phone', async () => {
  const page = await browser.newPage({ viewport: { width: 360, height: 740 } })
  await page.goto(origin)
  await page.getByRole('table').first().waitFor()
  expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0)
})
