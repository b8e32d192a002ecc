// Whatever is broken in a page, or by it: it never sees an exception from us, and what can still arrive does.

import { expect, test } from 'vitest'
import { exempt, useLab } from '../tools/testing/tracker_lab.ts'

const fixture = useLab()

const breakages: readonly [name: string, breakage: string, arrives: boolean][] = [
  ['no fetch', 'window.fetch = undefined', true],
  ['a fetch that throws', "window.fetch = () => { throw new Error('broken') }", true],
  ['a fetch that answers nonsense', 'window.fetch = async () => undefined', false],
  ['no beacon', 'navigator.sendBeacon = undefined', true],
  ['a broken JSON', "JSON.stringify = () => { throw new Error('broken') }", false],
  [
    'frozen prototypes',
    'for (const one of [Object, Array, Function, Promise, EventTarget, History, Event]) Object.freeze(one.prototype); Object.freeze(history)',
    true,
  ],
  [
    'storage that throws',
    "Object.defineProperty(window, 'localStorage', { get() { throw new Error('blocked') } })",
    true,
  ],
  [
    'cookies that throw',
    "Object.defineProperty(document, 'cookie', { get() { throw new Error('blocked') } })",
    false,
  ],
  ['no random numbers', 'crypto.getRandomValues = undefined', false],
  ['no timing of the page', 'performance.getEntriesByType = () => []', true],
  ['an element that has our name', '', true],
  [
    'no observer, no Navigation API, no hasFocus',
    'window.navigation = undefined; window.ResizeObserver = undefined; document.hasFocus = undefined',
    true,
  ],
]

test('the page never sees an exception from us, whatever is broken', async () => {
  const { lab } = fixture
  // All pages at once: most of it is waiting.
  const found = breakages.map(async ([name, breakage, arrives], number) => {
    const path = `/broken/${number}`
    lab.pages.set(path, {
      script: exempt,
      body: '<a id=lightfoot></a><button data-lf=a>a</button><img src=/missing.png>',
    })
    const page = await fixture.newPage()
    await page.addInitScript(
      `${breakage}; addEventListener('unhandledrejection', event => { throw event.reason })`,
    )
    await page.goto(`${lab.origin}${path}`)
    await page.click('button')
    await page.evaluate("history.pushState({}, '', '/next')")
    await page.evaluate("lightfoot.track('x'); lightfoot.consent.set({ purposes: ['statistics'] }); 0")
    await page.waitForTimeout(1100)
    await page.goto('about:blank')
    const views = () => lab.events('pageview').filter(({ pageUrl }) => pageUrl.endsWith(path))
    if (arrives) await expect.poll(views, { message: name, timeout: 8000 }).not.toEqual([])
    await page.goto(`${lab.origin}${path}`)
    await page.evaluate('lightfoot.consent.withdraw().then(() => lightfoot.consent.status()).then(() => 0)')
    return [name, page.faults]
  })
  expect(await Promise.all(found)).toEqual(breakages.map(([name]) => [name, []]))
})
