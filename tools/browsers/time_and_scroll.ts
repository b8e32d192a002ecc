// For how long a page is seen and used, and how far down.

import { setTimeout as sleep } from 'node:timers/promises'
import { expect } from 'vitest'
import { waitUntil } from '../testing/wait_until.ts'
import { turnWheel } from './driver.ts'
import { type Arrived, type Scenario, type Visit, withCore } from './visit.ts'

/** By a wheel, where the driver has one, from the window's middle: what lies there scrolls. A wheel may scroll smoothly. */
async function scrollTo({ driver }: Visit, scroller: string, top: number): Promise<void> {
  if (driver.hasWheel) await turnWheel(driver, top)
  else await driver.evaluate(`${scroller}.scrollTo({ top: ${top}, behavior: 'instant' })`)
  const isThere = async () => Number(await driver.evaluate(`${scroller}.scrollTop`)) >= top - 1
  await waitUntil('scrolled', isThere, 5_000)
  await driver.evaluate(settled)
}

/** After what is measured when the page has been laid out. */
const settled = 'new Promise(resolve => requestAnimationFrame(() => setTimeout(resolve, 50)))'

function expectHalfSeen({ rows }: Arrived): void {
  const tenths = rows
    .filter(row => row.path === '/page' && Number(row.scroll_to) > 0)
    .map(row => [Number(row.scroll_from), Number(row.scroll_to)])
    .sort(([a = 0], [b = 0]) => a - b)
  // Each tenth once, from the first on; the window is between 400 and 1000 pixels high.
  expect(tenths[0]?.[0]).toBe(1)
  for (const [index, [from]] of tenths.entries()) {
    if (index > 0) expect(from).toBe((tenths[index - 1]?.[1] ?? 0) + 1)
  }
  expect([5, 6]).toContain(tenths.at(-1)?.[1])
}

/** Longer than a page needs for anything else in its scenario, so that it cannot be mistaken for that. */
const coveredMs = 1500

export const timeAndScroll: readonly Scenario[] = [
  {
    name: 'engagement',
    site: 'strict',
    async visit({ open, grant, note, driver }) {
      await open('/start')
      await grant('statistics')
      const from = performance.now()
      await open('/page')
      await sleep(1000)
      await driver.open('about:blank')
      note('shownMs', performance.now() - from)
    },
    check({ sum, notes }) {
      const activeMs = sum('engagement', '/page', 'active_ms')
      expect(activeMs).toBeGreaterThan(900)
      expect(activeMs).toBeLessThan(Number(notes.shownMs))
    },
  },
  {
    name: 'tab-switch',
    site: 'strict',
    pages: { '/page': { body: '<p>text</p>' } },
    async visit({ open, grant, click, note, driver, until, browser }) {
      await open('/start')
      await grant('statistics')
      const from = performance.now()
      await open('/page')
      // A new tab of Chromium's driver has the focus from the first click on.
      await click('p')
      await sleep(500)
      // WebKit's driver puts the other tab behind this one, which then loses the focus only.
      const isCovered = browser !== 'webkit'
      let awayMs = 0
      await driver.inSecondTab(async () => {
        if (isCovered) await until('/page', 'covered')
        const left = performance.now()
        await sleep(coveredMs)
        awayMs = performance.now() - left
      })
      if (isCovered) await until('/page', 'uncovered')
      await click('p')
      await sleep(500)
      await driver.open('about:blank')
      note('awayMs', awayMs)
      note('shownMs', performance.now() - from - (isCovered ? awayMs : 0))
      note('focusedMs', performance.now() - from - awayMs)
    },
    check({ list, sum, notes }) {
      const activeMs = sum('engagement', '/page', 'active_ms')
      const visibleMs = sum('engagement', '/page', 'visible_ms')
      // On a busy machine the focus comes later than the tab.
      expect(activeMs).toBeGreaterThan(550)
      expect(activeMs).toBeLessThan(Number(notes.focusedMs))
      expect(visibleMs).toBeGreaterThan(900)
      expect(visibleMs).toBeLessThan(Number(notes.shownMs))
      // Who comes back has not come once more, and has not left before.
      expect(list('pageview', 'path', 'navigation')).toEqual(['/page navigate', '/start consent'])
      expect(list('exit', 'path')).toEqual(['/page', '/start'])
    },
  },
  {
    name: 'scroll',
    site: 'strict',
    pages: { '/page': { body: '<div style="height: 5000px">long</div>' } },
    async visit(visit) {
      await visit.open('/start')
      await visit.grant('statistics', 'behaviour')
      await visit.open('/page')
      await scrollTo(visit, 'document.scrollingElement', 2200)
    },
    check: expectHalfSeen,
  },
  {
    name: 'scroll-in-an-element',
    site: 'strict',
    pages: {
      '/page': {
        head: '<style>body { margin: 0 } main { height: 100vh; overflow: auto }</style>',
        body: '<main><div style="height: 5000px">long</div></main>',
      },
    },
    async visit(visit) {
      await visit.open('/start')
      await visit.grant('statistics', 'behaviour')
      await visit.open('/page')
      await scrollTo(visit, "document.querySelector('main')", 2200)
    },
    check: expectHalfSeen,
  },
  ...withCore({
    name: 'scroll-exempt',
    pages: {
      '/page': {
        head: '<style>body { margin: 0 }</style>',
        body: '<div id=long style="height: 400vh">long</div>',
      },
    },
    async visit(visit) {
      const { open, driver } = visit
      await open('/page')
      const height = Number(await driver.evaluate('innerHeight'))
      // Half of it, before it grows; then five parts of eight.
      await scrollTo(visit, 'document.scrollingElement', height)
      await driver.evaluate("void (document.querySelector('#long').style.height = '800vh')")
      await driver.evaluate(settled)
      await scrollTo(visit, 'document.scrollingElement', 3 * height)
    },
    check: ({ list }) =>
      // Whole quarters only: 6 of 10 are two of them, which the fifth tenth ends.
      expect(
        list('engagement', 'path', 'scroll_from', 'scroll_to').filter(row => !row.endsWith(' -')),
      ).toEqual(['/page 1 5']),
  }),
]
