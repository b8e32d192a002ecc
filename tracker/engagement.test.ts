import { expect, test } from 'vitest'
import type { TestPage } from '../tools/testing/browser.ts'
import { exempt, grant, strict, tellNow, useLab } from '../tools/testing/tracker_lab.ts'

const fixture = useLab()

const sum = (key: 'activeMs' | 'visibleMs') =>
  fixture.lab.events('engagement').reduce((total, event) => total + (event[key] ?? 0), 0)

/** A page with a granted figure in milliseconds; what its test does is judged by what came when it was left. */
async function engaged(prepare: (page: TestPage) => Promise<unknown> = async () => {}): Promise<TestPage> {
  return fixture.visit(strict, '<div style="height:3000px"></div>', async page => {
    await grant(page, ['statistics'])
    await prepare(page)
  })
}

/** Leaves the page and waits for what it sends at its end. */
async function leave(page: TestPage): Promise<void> {
  await page.goto('about:blank')
  await fixture.lab.until('exit')
}

const near = (wanted: number, toleranceMs: number) => (ms: number) => Math.abs(ms - wanted) <= toleranceMs

test('visible and focused time counts', async () => {
  const page = await engaged()
  const start = Date.now()
  for (let i = 0; i < 4; i++) {
    await page.mouse.move(10 * i, 10)
    await page.waitForTimeout(500)
  }
  const took = Date.now() - start
  await leave(page)
  expect(sum('activeMs')).toSatisfy(near(took, 500))
  expect(sum('visibleMs')).toBe(sum('activeMs'))
})

test('hidden time counts as neither, time without focus as visible only', async () => {
  const page = await engaged(page =>
    page.addInitScript(`
      window.shown = true; window.focused = true
      Object.defineProperty(document, 'hidden', { get: () => !shown })
      document.hasFocus = () => focused
      window.change = (name, value, type, target) => { window[name] = value; target.dispatchEvent(new Event(type)) }`),
  )
  await page.waitForTimeout(500)
  await page.evaluate("change('focused', false, 'blur', window)")
  await page.waitForTimeout(700)
  await page.evaluate("change('shown', false, 'visibilitychange', document)")
  await page.waitForTimeout(900)
  await page.evaluate("change('shown', true, 'visibilitychange', document)")
  await page.evaluate("change('focused', true, 'focus', window)")
  await page.waitForTimeout(400)
  await leave(page)
  expect(sum('activeMs')).toSatisfy(near(900, 400))
  expect(sum('visibleMs')).toSatisfy(near(1600, 500))
  expect(fixture.lab.events('engagement')).toHaveLength(2)
})

test('a visitor who does nothing for 30 s is no longer engaged', async () => {
  const page = await engaged(page => page.clock.install())
  await page.clock.runFor(50_000)
  await page.mouse.move(5, 5)
  await page.clock.runFor(10_000)
  await leave(page)
  expect(sum('activeMs')).toSatisfy(near(40_000, 500))
  expect(sum('visibleMs')).toSatisfy(near(60_000, 500))
})

test('a computer that sleeps does not read', async () => {
  const page = await engaged(page => page.clock.install())
  await page.clock.runFor(5000)
  await page.clock.fastForward(3_600_000)
  await page.clock.runFor(1000)
  await leave(page)
  expect(sum('activeMs')).toBeLessThanOrEqual(30_500)
  expect(sum('visibleMs')).toBeLessThanOrEqual(40_000)
})

test('a page that stays open tells of itself each minute, in increments', async () => {
  const page = await engaged(page => page.clock.install())
  for (let i = 0; i < 10; i++) {
    await page.mouse.move(i, 5)
    await page.clock.runFor(20_000)
  }
  await leave(page)
  const told = fixture.lab.events('engagement')
  expect(told.length).toBeGreaterThanOrEqual(3)
  expect(sum('activeMs')).toSatisfy(near(200_000, 1000))
  expect(Math.max(...told.map(event => event.activeMs ?? 0))).toBeLessThan(80_000)
})

test('before consent steps of 5 s: sums over many short visits are right', async () => {
  const { lab } = fixture
  // Ten visits of 7 s whose random part runs evenly from 0.05 to 0.95: of 70 s exactly 70 s are told.
  const page = await fixture.newPage()
  lab.pages.set('/page', { script: exempt })
  await page.clock.install()
  await page.addInitScript(
    'const part = Number(location.search.slice(1)); if (part) Math.random = () => part',
  )
  for (let i = 0; i < 10; i++) {
    await page.goto(`${lab.origin}/page?${(i + 0.5) / 10}`)
    await page.clock.runFor(7000)
  }
  await page.goto('about:blank')
  await lab.until('exit', 10)
  expect(sum('activeMs')).toBe(70_000)
  for (const { activeMs = 0, visibleMs = 0 } of lab.events('engagement')) {
    expect([activeMs % 5000, visibleMs % 5000]).toEqual([0, 0])
  }
})

test('the remainder is carried on over increments', async () => {
  const page = await fixture.visit(exempt, '', async page => {
    await page.clock.install()
    await page.addInitScript('Math.random = () => 0')
  })
  for (let i = 0; i < 4; i++) {
    await page.clock.runFor(3000)
    await tellNow(page)
  }
  await leave(page)
  expect(fixture.lab.events('engagement').map(event => event.activeMs)).toEqual([undefined, 5000, 5000])
})

test('a page that is frozen in sight counts until then, and from when it goes on', async () => {
  const page = await engaged(page => page.clock.install())
  await page.clock.runFor(3000)
  await page.evaluate("document.dispatchEvent(new Event('freeze'))")
  await page.clock.fastForward(14_000)
  await page.evaluate("document.dispatchEvent(new Event('resume'))")
  await page.clock.runFor(2000)
  await leave(page)
  expect(sum('activeMs')).toSatisfy(near(5000, 300))
  expect(sum('visibleMs')).toSatisfy(near(5000, 300))
})

test('a page that comes back from the back/forward cache counts nothing twice, and not the time away', async () => {
  const page = await engaged(page => page.clock.install())
  await page.clock.runFor(4000)
  await page.evaluate("dispatchEvent(new PageTransitionEvent('pagehide', { persisted: true }))")
  await page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
  await page.clock.fastForward(12_000)
  await page.evaluate("dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))")
  await page.clock.runFor(3000)
  await page.goto('about:blank')
  await fixture.lab.until('exit', 2)
  const byPage = new Map<string, number>()
  for (const { pageId, visibleMs = 0 } of fixture.lab.events('engagement')) {
    byPage.set(pageId, (byPage.get(pageId) ?? 0) + visibleMs)
  }
  const [first = 0, second = 0] = byPage.values()
  expect(first).toSatisfy(near(4000, 300))
  expect(second).toSatisfy(near(3000, 300))
})

test('what moves by itself is nobody; who comes back is there', async () => {
  const page = await engaged(page => page.clock.install())
  await page.evaluate('setInterval(() => scrollBy(0, 1), 1000)')
  await page.clock.runFor(40_000)
  await page.evaluate("dispatchEvent(new Event('focus'))")
  await page.clock.runFor(10_000)
  await leave(page)
  expect(sum('activeMs')).toSatisfy(near(40_000, 500))
  expect(sum('visibleMs')).toSatisfy(near(50_000, 500))
})

test('a page that is left at once was seen', async () => {
  const page = await engaged()
  await leave(page)
  expect(sum('visibleMs')).toBeGreaterThan(0)
})
