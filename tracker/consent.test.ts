import { expect, test } from 'vitest'
import type { TestPage } from '../tools/testing/browser.ts'
import { exempt, grant, strict, tellNow, useLab } from '../tools/testing/tracker_lab.ts'

const fixture = useLab()

const call = (page: TestPage, text: string) => page.evaluate(`lightfoot.consent.${text}`)
const stored = (page: TestPage) =>
  page.evaluate('localStorage.lightfoot && JSON.parse(localStorage.lightfoot)') as Promise<
    Record<string, unknown> | undefined
  >
const choices = () =>
  fixture.lab.requests.filter(({ path }) => path === '/v1/consent').map(({ body }) => JSON.parse(body))

test('a grant begins a page of its own; nothing from before is told again', async () => {
  const { lab } = fixture
  const page = await fixture.visit(exempt, '<img src=/missing.png><button data-lf=save>save</button>')
  await page.click('button')
  const status = await call(
    page,
    "set({ purposes: ['statistics', 'performance', 'behaviour'], source: 'banner' })",
  )
  expect(status).toEqual({
    level: 'granted',
    purposes: ['statistics', 'behaviour', 'performance'],
    policy: 1,
  })
  expect(choices()).toEqual([
    {
      site: 'lab',
      policy: 1,
      choice: 'grant',
      purposes: ['statistics', 'behaviour', 'performance'],
      source: 'banner',
    },
  ])
  const kept = await stored(page)
  expect(Object.keys(kept ?? {}).sort()).toEqual(['policy', 'purposes', 'receipt'])
  await page.click('button')
  await tellNow(page)
  await lab.until('click', 2)
  const [before, after] = lab.events('pageview')
  expect(before).toMatchObject({ level: 'exempt', navigation: 'navigate' })
  expect(before).not.toHaveProperty('title')
  expect(after).toMatchObject({ level: 'granted', navigation: 'consent', seq: 0, title: '/page' })
  expect(after).not.toHaveProperty('arrival')
  expect(after?.pageId).not.toBe(before?.pageId)
  const granted = lab.events().filter(event => event.level === 'granted')
  expect(granted.map(event => event.type)).not.toContain('timing')
  expect(granted.map(event => event.type)).not.toContain('error')
  expect(granted.filter(event => event.type === 'click')).toHaveLength(1)
  expect(lab.batches.filter(batch => batch.consent.level === 'exempt').length).toBeGreaterThan(0)
  for (const { consent, pages } of lab.batches) {
    expect(pages).toHaveLength(1)
    expect(consent.receipt).toBe(consent.level === 'granted' ? kept?.receipt : undefined)
    expect(consent.signal).toBe(consent.level === 'granted' ? 'choice' : 'default')
  }
})

test('in strict mode the first pageview after a choice also tells of the arrival', async () => {
  const page = await fixture.visit(strict)
  expect(await call(page, 'status()')).toEqual({ level: 'none', purposes: [], policy: 1 })
  await call(page, "set({ purposes: ['statistics'], policy: 1 })")
  await tellNow(page)
  const [seen] = await fixture.lab.until('pageview')
  expect(seen).toMatchObject({ navigation: 'consent', arrival: 'unknown', level: 'granted', seq: 0 })
})

test('the first-party id is there with identity only, and stays the same', async () => {
  const { lab } = fixture
  const page = await fixture.visit(exempt)
  await call(page, "set({ purposes: ['statistics', 'identity'] })")
  const visitor = (await stored(page))?.visitor
  expect(visitor).toMatch(/^[\w-]{22}$/)
  await page.reload()
  // A banner says again on each page what it knows.
  await call(page, "set({ purposes: ['identity', 'statistics'] })")
  await tellNow(page)
  await lab.until('pageview', 3)
  const told = lab.batches.filter(batch => batch.consent.level === 'granted').map(batch => batch.visitor)
  expect(new Set(told)).toEqual(new Set([visitor]))
  expect(choices()).toHaveLength(1)
  await call(page, "set({ purposes: ['statistics'] })")
  await tellNow(page)
  await lab.until('pageview', 4)
  expect(await stored(page)).not.toHaveProperty('visitor')
  expect(lab.batches.at(-1)).not.toHaveProperty('visitor')
})

test('a banner that says again what is known, or grants nothing, loads nothing', async () => {
  const { lab } = fixture
  const page = await fixture.visit(exempt, '', page => grant(page, ['statistics']))
  const loaded =
    "performance.getEntriesByType('resource').filter(({ name }) => name.includes('consent.js')).length"
  await call(page, "set({ purposes: ['statistics'] })")
  expect([choices(), await page.evaluate(loaded)]).toEqual([[], 0])
  await call(page, 'set({ purposes: [] })')
  await call(page, 'withdraw()')
  await call(page, 'set({ purposes: [] })')
  await call(page, 'object()')
  expect(choices().map(({ choice }) => choice)).toEqual(['withdraw', 'object'])
  expect(await page.evaluate(loaded)).toBe(0)
  // The name is right: a grant does load it.
  await page.context().clearCookies()
  lab.pages.set('/page', { script: strict })
  await page.goto(`${lab.origin}/page`)
  await call(page, "set({ purposes: ['behaviour'] })")
  expect(await page.evaluate(loaded)).toBe(1)
})

test('a narrower choice ends the rest at once, whether or not it can be recorded', async () => {
  const { lab } = fixture
  const page = await fixture.visit(strict, '', page => grant(page, ['statistics', 'identity']))
  lab.answerWith(path => (path === '/v1/consent' ? { status: 503, body: '{}' } : undefined))
  const stored = await page.evaluate(`{
    const answer = lightfoot.consent.set({ purposes: ['statistics'] })
    const now = localStorage.length
    answer.then(() => now)
  }`)
  expect(stored).toBe(0)
  expect(await call(page, 'status()')).toEqual({ level: 'none', purposes: [], policy: 1 })
})

test.each([
  ['withdraw()', exempt],
  ['set({ purposes: [] })', strict],
])('a withdrawal by %s stops everything at once and is told', async (text, script) => {
  const { lab } = fixture
  const page = await fixture.visit(script, '<button data-lf=save>save</button>', page =>
    grant(page, ['statistics', 'identity']),
  )
  await tellNow(page)
  await lab.until('pageview')
  await page.click('button')
  expect(await call(page, text)).toEqual({ level: 'none', purposes: [], policy: 1 })
  expect(choices()).toEqual([{ site: 'lab', policy: 1, choice: 'withdraw' }])
  expect(await page.evaluate('localStorage.length')).toBe(0)
  const { length } = lab.requests
  await page.click('button')
  await page.evaluate("history.pushState({}, '', '/next'); lightfoot.track('x'); lightfoot.pageview()")
  await page.goto('about:blank')
  await page.waitForTimeout(1200)
  expect(lab.requests).toHaveLength(length)
})

test('an objection makes one request without ids, one cookie, and lasts', async () => {
  const { lab } = fixture
  const page = await fixture.visit(exempt, '', page => grant(page, ['statistics', 'identity']))
  await tellNow(page)
  await lab.until('pageview')
  const { length } = lab.requests
  expect(await call(page, 'object()')).toMatchObject({ level: 'objected', purposes: [] })
  await call(page, 'object()')
  expect(lab.requests).toHaveLength(length + 1)
  expect(choices()).toEqual([{ site: 'lab', policy: 1, choice: 'object' }])
  expect(await page.evaluate('localStorage.length')).toBe(0)
  const [cookie, ...others] = await page.context().cookies()
  expect(others).toEqual([])
  expect(cookie).toMatchObject({ name: 'lightfoot_off', value: '1', path: '/', sameSite: 'Lax' })
  const days = ((cookie?.expires ?? 0) - Date.now() / 1000) / 86_400
  expect(days).toBeGreaterThan(390)
  expect(days).toBeLessThan(396)
  await page.reload()
  await call(page, "set({ purposes: ['statistics'] })")
  await page.waitForTimeout(1200)
  expect(lab.requests).toHaveLength(length + 1)
})

const signals = [
  ['GPC', "Object.defineProperty(Navigator.prototype, 'globalPrivacyControl', { get: () => true })"],
  ['DNT', "Object.defineProperty(Navigator.prototype, 'doNotTrack', { get: () => '1' })"],
] as const

test.each(signals)('%s as an objection: a banner grants nothing, and asks nobody', async (_, signal) => {
  const { lab } = fixture
  const page = await fixture.visit(`${exempt} data-gpc="objection"`, '', page => page.addInitScript(signal))
  expect(await call(page, "set({ purposes: ['statistics', 'identity'] })")).toMatchObject({ level: 'none' })
  expect(await page.evaluate('localStorage.length')).toBe(0)
  await page.waitForTimeout(1100)
  expect(lab.requests).toEqual([])
})

test.each(signals)(
  '%s as an objection: what was granted before can still be withdrawn',
  async (_, signal) => {
    const page = await fixture.visit(`${exempt} data-gpc="objection"`, '', async page => {
      await page.addInitScript(signal)
      await grant(page, ['statistics', 'identity'])
    })
    await call(page, 'set({ purposes: [] })')
    expect(choices()).toEqual([{ site: 'lab', policy: 1, choice: 'withdraw' }])
    expect(await page.evaluate('localStorage.length')).toBe(0)
  },
)

// As another tab leaves it.
const ends = [
  ['an objection', [], "document.cookie = 'lightfoot_off=1; path=/'"],
  ['an objection after a grant', ['statistics'], "document.cookie = 'lightfoot_off=1; path=/'"],
  ['a withdrawal', ['statistics', 'identity'], 'localStorage.clear()'],
] as const

test.each(ends)('%s in another tab stops what waits here', async (_, purposes, end) => {
  const page = await fixture.visit(exempt, '', page => grant(page, [...purposes]))
  await page.evaluate(end)
  await page.waitForTimeout(1300)
  await page.evaluate("lightfoot.track('x'); history.pushState({}, '', '/next')")
  await page.goto('about:blank')
  expect(fixture.lab.requests).toEqual([])
})

test.each(ends)(
  '%s in another tab: a batch that waits for its retry is not sent',
  async (_, purposes, end) => {
    const { lab } = fixture
    lab.answerWith(() => ({ status: 503, headers: { 'Retry-After': '1' } }))
    const page = await fixture.visit(exempt, '', page => grant(page, [...purposes]))
    await lab.untilRequests(1)
    await page.evaluate(end)
    await page.waitForTimeout(1700)
    await page.goto('about:blank')
    expect(lab.requests).toHaveLength(1)
  },
)

test('a withdrawal in another tab ends this page and its next one; a grant there can be taken up here', async () => {
  const { lab } = fixture
  const page = await fixture.visit(strict, '<button data-lf=save>save</button>')
  const other = await page.context().newPage()
  await other.goto(`${lab.origin}/page`)
  await call(other as TestPage, "set({ purposes: ['statistics', 'behaviour', 'identity'] })")
  await tellNow(other as TestPage)
  await lab.until('pageview')
  // The banner that is open here says the same, and nobody is asked again.
  const status = await call(page, "set({ purposes: ['statistics', 'behaviour', 'identity'] })")
  expect(status).toMatchObject({ level: 'granted', purposes: ['statistics', 'behaviour', 'identity'] })
  expect(choices()).toHaveLength(1)
  await tellNow(page)
  const [, here] = await lab.until('pageview', 2)
  expect(here).toMatchObject({ navigation: 'consent', level: 'granted', arrival: 'unknown' })

  await call(other as TestPage, 'withdraw()')
  await other.close()
  const { length } = lab.requests
  await page.click('button')
  await page.evaluate("history.pushState({}, '', '/next')")
  await tellNow(page)
  await page.waitForTimeout(1200)
  expect(lab.requests).toHaveLength(length)
  expect(await call(page, 'status()')).toEqual({ level: 'none', purposes: [], policy: 1 })
})

test.each([
  ['refuses', 403],
  ['is out of order', 503],
])('a grant counts for nothing while the collector %s', async (_, status) => {
  const { lab } = fixture
  const page = await fixture.visit(strict)
  lab.answerWith(path => (path === '/v1/consent' ? { status, body: '{"error":{}}' } : undefined))
  expect(await call(page, "set({ purposes: ['statistics'] })")).toMatchObject({ level: 'none' })
  expect(await page.evaluate('localStorage.length')).toBe(0)
  await page.waitForTimeout(1100)
  expect(lab.batches).toEqual([])
})

test('a withdrawal overtakes a grant that is still under way', async () => {
  const page = await fixture.visit(strict)
  await page.evaluate(
    "Promise.all([lightfoot.consent.set({ purposes: ['statistics'] }), lightfoot.consent.withdraw()])",
  )
  expect(await page.evaluate('localStorage.length')).toBe(0)
  await page.waitForTimeout(1100)
  expect(fixture.lab.batches).toEqual([])
})

test.each([
  ['nothing', 'set()'],
  ['no list', 'set({ purposes: 7 })'],
  ['unknown names', "set({ purposes: ['everything', '__proto__'] })"],
])('a call with %s changes nothing', async (_, text) => {
  const page = await fixture.visit(strict)
  expect(await call(page, text)).toMatchObject({ level: 'none', purposes: [] })
  expect(fixture.lab.requests).toEqual([])
})
