// Consent in a real browser: where nothing may be sent, the collector receives no event request, the page writes nothing,
// and a batch that is sent by hand all the same is dropped with its reason and is nowhere in the data directory. The
// witness of what was sent is the collector's own count of requests, since beacons do not show in the page's list.

import type { BrowserContextOptions, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openBrowser, type TestBrowser, type TestPage } from './testing/browser.ts'
import { freePorts } from './testing/free_ports.ts'
import { type Product, startProduct, untilReported } from './testing/product.ts'
import { postBatch, sampleAgent, sampleBatch } from './testing/sample_batch.ts'
import { searchFor } from './testing/search_bytes.ts'
import { waitUntil } from './testing/wait_until.ts'

type Mode = { mode: 'strict' | 'exempt'; gpc?: 'refuse' | 'objection' }

let browser: TestBrowser
/** All that a test has open: what it leaves is closed in the end. */
const products: Product[] = []

beforeAll(async () => {
  browser = await openBrowser({ userAgent: sampleAgent })
})

afterAll(async () => {
  await browser?.close()
  await Promise.all(products.map(product => product.stop()))
})

async function startSite({ mode, gpc = 'refuse' }: Mode): Promise<Product> {
  const [port = 0] = await freePorts(1)
  const origins = [`http://127.0.0.1:${port}`]
  const site = { id: 'demo', name: 'Demo', origins, mode, gpc, policy: 1, minimumGroup: 1 }
  const product = await startProduct({
    config: { controller: { name: 'Test', contact: 'test@example.com' }, sites: [site] },
    args: ['--demo'],
    env: { LIGHTFOOT_PORT: String(port) },
  })
  products.push(product)
  return product
}

const gpcHeaders: BrowserContextOptions = { extraHTTPHeaders: { 'Sec-GPC': '1' } }

/** Used, and then closed: a page that stays open could still send something while the next test counts. */
async function withPage(
  options: BrowserContextOptions,
  use: (page: TestPage) => Promise<void>,
): Promise<void> {
  const page = await browser.newPage(options)
  if (options.extraHTTPHeaders) {
    await page.addInitScript(() => {
      Object.defineProperty(Navigator.prototype, 'globalPrivacyControl', { get: () => true })
    })
  }
  try {
    await use(page)
  } finally {
    await page.context().close()
  }
}

/** Two pages, used: what would be sent in the page and on leaving it has had its time. */
async function visit(page: Page, site: Product): Promise<void> {
  await page.goto(`${site.publicUrl}/demo/`)
  await page.mouse.wheel(0, 2000)
  await page.waitForTimeout(1500)
  await page.goto(`${site.publicUrl}/demo/guide.html`)
  await page.waitForTimeout(1500)
  await page.goto('about:blank')
  await page.waitForTimeout(500)
}

/** What the browser holds for the site after it was used: every kind of storage that a page can write. */
async function stored(page: Page, site: Product): Promise<unknown> {
  await page.goto(`${site.publicUrl}/privacy`)
  const kept = await page.evaluate(async () => ({
    local: { ...localStorage },
    session: { ...sessionStorage },
    databases: (await indexedDB.databases()).map(({ name }) => name),
    caches: await caches.keys(),
  }))
  const cookies = await page.context().cookies()
  return { ...kept, cookies: cookies.map(({ name, value }) => `${name}=${value}`) }
}

const nothing = { local: {}, session: {}, databases: [], caches: [], cookies: [] }

/** Requests that the collector has answered on this route, whatever it said. */
async function requestsTo(site: Product, route: string): Promise<number> {
  // Acceptors hand their figures over once a second, all together: once one more `/healthz` is counted, so is what came before.
  const before = await countRequests(site, '/healthz')
  await fetch(`${site.publicUrl}/healthz`)
  await waitUntil('figures are handed over', async () => (await countRequests(site, '/healthz')) > before)
  return countRequests(site, route)
}

async function countRequests(site: Product, route: string): Promise<number> {
  const text = await (await fetch(`${site.adminUrl}/metrics`)).text()
  const lines = text.split('\n').filter(line => line.startsWith('lightfoot_http_requests_total{'))
  const counts = lines
    .filter(line => line.includes(`route="${route}"`))
    .map(line => Number(line.split(' ').at(-1)))
  return counts.reduce((sum, count) => sum + count, 0)
}

/** A batch of five events by hand: dropped whole, for this reason, and nowhere in the data directory. */
async function expectDropped(
  site: Product,
  reason: string,
  headers: Record<string, string> = {},
): Promise<void> {
  const planted = 'planted-by-hand-7c41'
  const batch = sampleBatch('demo', site.publicUrl, 5, `/${planted}`)
  const answer = await postBatch(site.publicUrl, site.publicUrl, batch, headers)
  expect(answer.status).toBe(202)
  expect(await answer.json()).toEqual({ accepted: 0, dropped: { [reason]: 5 } })
  await untilReported(site)
  expect(searchFor([planted]).directory(site.dataDirectory)).toEqual([])
  expect(await site.report('totals', 'demo')).toEqual([])
}

// A product each, side by side: most of the time is waiting for what must not come.
describe.concurrent('strict mode', () => {
  let site: Product
  beforeAll(async () => {
    site = await startSite({ mode: 'strict' })
  })

  test.sequential(
    'without a choice: no event request, nothing written',
    () =>
      withPage({}, async page => {
        await visit(page, site)
        expect(await requestsTo(site, '/v1/events')).toBe(0)
        expect(await stored(page, site)).toEqual(nothing)
        await expectDropped(site, 'no_consent')
        expect(page.faults).toEqual([])
      }),
    90_000,
  )

  test.sequential(
    'a grant writes the receipt and nothing else; its withdrawal removes it',
    () =>
      withPage({}, async page => {
        const atFirst = await requestsTo(site, '/v1/events')
        await page.goto(`${site.publicUrl}/demo/`)
        await page.locator('[data-lf=consent-accept]').click()
        await page.getByText('Thank you').waitFor()
        await waitUntil('events are sent', async () => (await requestsTo(site, '/v1/events')) > atFirst)
        const kept = (await stored(page, site)) as { local: Record<string, string>; cookies: string[] }
        expect(Object.keys(kept.local)).toEqual(['lightfoot'])
        expect({ ...kept, local: {} }).toEqual(nothing)

        await page.goto(`${site.publicUrl}/demo/guide.html`)
        await page.evaluate(() =>
          (
            window as unknown as { lightfoot: { consent: { withdraw(): unknown } } }
          ).lightfoot.consent.withdraw(),
        )
        await page.waitForTimeout(500)
        const before = await requestsTo(site, '/v1/events')
        await visit(page, site)
        expect(await requestsTo(site, '/v1/events')).toBe(before)
        expect(await stored(page, site)).toEqual(nothing)
      }),
    90_000,
  )
})

describe.concurrent('GPC as an objection', () => {
  let site: Product
  beforeAll(async () => {
    site = await startSite({ mode: 'exempt', gpc: 'objection' })
  })

  test.sequential(
    'no event request, nothing written',
    () =>
      withPage(gpcHeaders, async page => {
        await visit(page, site)
        expect(await requestsTo(site, '/v1/events')).toBe(0)
        expect(await requestsTo(site, '/v1/consent')).toBe(0)
        expect(await stored(page, site)).toEqual(nothing)
        await expectDropped(site, 'objected', { 'sec-gpc': '1' })
      }),
    90_000,
  )
})

describe.concurrent('exempt mode', () => {
  let site: Product
  beforeAll(async () => {
    site = await startSite({ mode: 'exempt' })
  })

  test.sequential(
    'a batch by hand with the objection cookie is dropped',
    () => expectDropped(site, 'objected', { cookie: 'theme=dark; lightfoot_off=1' }),
    60_000,
  )

  test.sequential(
    'GPC by default: exempt measurement only, and nothing written',
    () =>
      withPage(gpcHeaders, async page => {
        const before = await requestsTo(site, '/v1/events')
        await visit(page, site)
        expect(await requestsTo(site, '/v1/events')).toBeGreaterThan(before)
        expect(await stored(page, site)).toEqual(nothing)
        await untilReported(site)
        const levels = (await site.report('totals', 'demo')).map(row => row.consent)
        expect(new Set(levels)).toEqual(new Set(['exempt']))
      }),
    90_000,
  )

  test.sequential(
    'an objection: one request without ids, one cookie, and nothing after it',
    () =>
      withPage({}, async page => {
        const bodies: string[] = []
        page.on('request', request => {
          if (request.url().endsWith('/v1/consent')) bodies.push(request.postData() ?? '')
        })
        await page.goto(`${site.publicUrl}/demo/`)
        await page.locator('[data-lf=consent-object]').click()
        await page.getByText('You are not counted any more').waitFor()
        const before = await requestsTo(site, '/v1/events')
        await visit(page, site)

        expect(await requestsTo(site, '/v1/events')).toBe(before)
        expect(await requestsTo(site, '/v1/consent')).toBe(1)
        expect(bodies).toHaveLength(1)
        expect(JSON.parse(bodies[0] ?? '')).toEqual({ site: 'demo', policy: 1, choice: 'object' })
        expect(await stored(page, site)).toEqual({ ...nothing, cookies: ['lightfoot_off=1'] })
      }),
    90_000,
  )
})
