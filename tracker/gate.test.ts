// Every state in which nothing may happen: not one listener, not one write, not one request, whatever the visitor does.

import { expect, test } from 'vitest'
import type { TestPage } from '../tools/testing/browser.ts'
import { exempt, grant, strict, tellNow, useLab } from '../tools/testing/tracker_lab.ts'
import type { TrackerFile } from '../tools/tracker_build.mjs'

const fixture = useLab()

const gpc = "Object.defineProperty(navigator, 'globalPrivacyControl', { value: true })"
const dnt = "Object.defineProperty(navigator, 'doNotTrack', { value: '1' })"
const monthMs = 30 * 86_400_000

/** Notes every way in which a script can listen, send, or write on the device. */
const watch = `
  window.noted = []
  const note = (holder, name) => {
    const original = holder[name]
    holder[name] = function (...values) { noted.push(name + ' ' + String(values[0])); return original.apply(this, values) }
  }
  note(EventTarget.prototype, 'addEventListener')
  for (const name of ['setItem', 'removeItem', 'clear']) note(Storage.prototype, name)
  for (const name of ['open', 'deleteDatabase']) note(IDBFactory.prototype, name)
  if (window.caches) note(CacheStorage.prototype, 'open')
  note(window, 'fetch'); note(navigator, 'sendBeacon'); note(XMLHttpRequest.prototype, 'send')
  note(window, 'setTimeout'); note(window, 'setInterval')
  for (const Observer of [ResizeObserver, IntersectionObserver, PerformanceObserver, MutationObserver]) note(Observer.prototype, 'observe')
  const cookie = Object.getOwnPropertyDescriptor(Document.prototype, 'cookie')
  Object.defineProperty(document, 'cookie', { get: () => cookie.get.call(document), set: text => { noted.push('cookie ' + text); cookie.set.call(document, text) } })
  window.pushStateBefore = history.pushState
`

async function stored(page: TestPage): Promise<unknown> {
  const kept = await page.evaluate(async () => ({
    local: { ...localStorage },
    session: { ...sessionStorage },
    databases: await indexedDB.databases(),
    caches: 'caches' in window ? await caches.keys() : [],
  }))
  return { ...kept, cookies: await page.context().cookies() }
}

const nothing = { local: {}, session: {}, databases: [], caches: [], cookies: [] }

test.each<[string, string, (page: TestPage) => Promise<unknown>, TrackerFile?]>([
  ['strict without a choice', strict, async () => {}],
  ['no mode', 'data-local data-policy="1"', async () => {}],
  ['no site', `${exempt} data-site=""`, async () => {}],
  ['no policy', 'data-local data-mode="exempt"', async () => {}],
  ['on the developer’s machine', 'data-mode="exempt" data-policy="1"', async () => {}],
  [
    'objected',
    exempt,
    page =>
      page.addInitScript("document.cookie = 'a=1; path=/'; document.cookie = 'lightfoot_off=1; path=/'"),
  ],
  ['GPC as an objection', `${exempt} data-gpc="objection"`, page => page.addInitScript(gpc)],
  ['DNT as an objection', `${exempt} data-gpc="objection"`, page => page.addInitScript(dnt)],
  [
    'GPC as an objection outweighs a grant',
    `${strict} data-gpc="objection"`,
    async page => {
      await page.addInitScript(gpc)
      await grant(page, ['statistics'])
    },
  ],
  [
    'only disclosure granted, and GPC',
    strict,
    async page => {
      await page.addInitScript(gpc)
      await grant(page, ['disclosure'])
    },
  ],
  // It knows of no platform, so it cannot wait for its answer.
  [
    'core where a consent platform decides',
    `${exempt} data-tcf="8:statistics"`,
    async () => {},
    'lightfoot.core.js',
  ],
])('nothing at all: %s', async (_, script, prepare, file) => {
  const { lab } = fixture
  lab.pages.set('/away', {})
  const body = '<a href=/away>away</a><button data-lf=save>save</button><img src=/missing.png>'
  const page = await fixture.visit(
    script,
    body,
    async page => {
      await prepare(page)
      await page.addInitScript(watch)
    },
    file,
  )
  const before = await stored(page)
  await page.click('button')
  await page.mouse.wheel(0, 300)
  expect(await page.evaluate('[noted, history.pushState === pushStateBefore]')).toEqual([[], true])
  expect(await stored(page)).toEqual(before)
  await page.click('a')
  await page.waitForURL('**/away')
  await page.waitForTimeout(100)
  expect(lab.requests).toEqual([])
})

test.each<[string, Date, number, string?]>([
  ['expired', new Date(Date.now() - 7 * monthMs), 1],
  ['for an older policy', new Date(), 0.5],
  ['for another site at this address', new Date(), 1, 'shop'],
])('a grant that is %s is removed and is no grant', async (_, at, policy, site) => {
  const page = await fixture.visit(strict, '', page =>
    grant(page, ['statistics', 'identity'], at, policy, site),
  )
  expect(await stored(page)).toEqual(nothing)
  await page.waitForTimeout(1200)
  expect(fixture.lab.requests).toEqual([])
})

test('exempt: a whole visit writes nothing, and sends no id', async () => {
  const { lab } = fixture
  lab.pages.set('/b', { script: exempt })
  const body = '<a href=/b>b</a><button data-lf=save>save</button><div style="height:5000px"></div>'
  const page = await fixture.visit(exempt, body, page => page.addInitScript(watch))
  await page.click('button')
  await page.mouse.wheel(0, 3000)
  await page.waitForTimeout(200)
  const noted = (await page.evaluate('noted')) as string[]
  expect(noted.filter(entry => /Item|clear|open|delete|cookie|XML/.test(entry))).toEqual([])
  await page.click('a')
  await page.waitForURL('**/b')
  await tellNow(page)
  await lab.until('pageview', 2)
  expect(await stored(page)).toEqual(nothing)
  for (const batch of lab.batches) {
    expect(batch.consent).toEqual({ level: 'exempt', purposes: 0, policy: 1, signal: 'default' })
    expect(batch).not.toHaveProperty('visitor')
    expect(batch.device).toEqual({ screen: [1200, 0], language: 'en' })
  }
})

test.each([
  ['gpc', gpc, { extraHTTPHeaders: { 'Sec-GPC': '1' } }],
  ['dnt', dnt, { extraHTTPHeaders: { DNT: '1' } }],
])('%s by itself leaves audience measurement, and says so', async (signal, script, options) => {
  const { lab } = fixture
  const page = await fixture.newPage(options)
  await page.addInitScript(script)
  lab.pages.set('/page', { script: exempt })
  await page.goto(`${lab.origin}/page`)
  await tellNow(page)
  await lab.until('pageview')
  expect(lab.batches[0]?.consent).toEqual({ level: 'exempt', purposes: 0, policy: 1, signal })
})

test('a choice outweighs GPC, but never opens disclosure', async () => {
  const { lab } = fixture
  const page = await fixture.visit(strict, '', async page => {
    await page.addInitScript(gpc)
    await grant(page, ['statistics', 'identity', 'disclosure'])
  })
  await tellNow(page)
  await lab.until('pageview')
  expect(lab.batches[0]).toMatchObject({
    consent: { level: 'granted', purposes: 1 + 8, signal: 'choice' },
    visitor: 'v'.repeat(22),
  })
})

// What one purpose opens on a strict site, and nothing else: the fields that each event has beside those of every event.
const common = ['type', 'page', 'seq', 'at', 'pageUrl', 'pageId', 'level']
const visitOf = {
  statistics: {
    pageview: ['navigation', 'arrival', 'referrer', 'title', 'from'],
    engagement: ['activeMs', 'visibleMs'],
    exit: ['method', 'target'],
    custom: ['name', 'props'],
  },
  behaviour: {
    pageview: ['navigation', 'arrival'],
    engagement: ['scroll'],
    click: ['kind', 'target', 'href'],
    hover: ['target', 'ms'],
  },
  performance: {
    pageview: ['navigation', 'arrival', 'status'],
    timing: [
      'redirect',
      'dns',
      'connect',
      'tls',
      'request',
      'response',
      'ttfb',
      'interactive',
      'dcl',
      'load',
      'bytes',
      'protocol',
    ],
    error: ['kind', 'tag', 'url', 'status'],
    vital: ['name', 'value'],
  },
  identity: { pageview: ['navigation', 'arrival'] },
  campaigns: { pageview: ['navigation', 'arrival'] },
  calls: { pageview: ['navigation', 'arrival'], click: ['kind', 'href'] },
} as const

test.each(Object.entries(visitOf))('strict, only %s granted', async (purpose, wanted) => {
  const { lab } = fixture
  lab.pages.set('/start', { script: undefined, body: '<a href="/page?q=1&page=2&utm_campaign=may">to</a>' })
  lab.pages.set('/page', {
    script: `${strict} data-parameters="page"`,
    body: `<a id=link data-lf=next href="/start?x=1">go</a><a id=tel href="tel:+40722123456">call</a>
      <div style="height:3000px"></div>`,
  })
  const page = await fixture.newPage()
  await grant(page, [purpose as 'statistics'])
  await page.goto(`${lab.origin}/start`)
  await page.click('a')
  await page.waitForURL('**/page*')
  await page.waitForLoadState()
  await page.waitForTimeout(50)
  await page.evaluate(`lightfoot.track('signed up', { plan: 'small' })
    document.body.append(Object.assign(new Image(), { src: '/missing.png' }))`)
  await page.evaluate(
    "document.querySelector('#tel').addEventListener('click', event => event.preventDefault())",
  )
  await page.click('#tel')
  await page.mouse.wheel(0, 3000)
  await page.waitForTimeout(100)
  await page.hover('#link')
  await page.waitForTimeout(350)
  await page.click('#link')
  await page.waitForURL('**/start*')
  await lab.until('pageview')
  await page.waitForTimeout(100)
  const found: Record<string, Set<string>> = {}
  for (const event of lab.events()) {
    const fields = Object.keys(event).filter(key => !common.includes(key))
    found[event.type] = new Set([...(found[event.type] ?? []), ...fields])
  }
  const sorted = (lists: Record<string, Iterable<string>>) =>
    Object.fromEntries(Object.entries(lists).map(([type, fields]) => [type, [...fields].sort()]))
  expect(sorted(found)).toEqual(sorted(wanted))
  const address = { statistics: '/page?page=2', campaigns: '/?utm_campaign=may' }[purpose] ?? '/'
  expect(new Set(lab.events().map(event => event.pageUrl.slice(lab.origin.length)))).toEqual(
    new Set([address]),
  )
  const device =
    purpose === 'statistics' ? { screen: [1280, 0], language: expect.stringMatching(/^en-\w\w/) } : {}
  expect(lab.batches.map(batch => batch.device)).toEqual(lab.batches.map(() => device))
})
