// Whatever is broken in a page, or by it: it never sees an exception from us, and what can still arrive does.

import { expect, test } from 'vitest'
import { exempt, useLab } from '../tools/testing/tracker_lab.ts'

const fixture = useLab()

const breakages: readonly [name: string, breakage: string, arrives: boolean][] = [
  ['no fetch', 'window.fetch = undefined', true],
  ['a fetch that throws', "window.fetch = () => { throw new Error('broken') }", true],
  ['a fetch that answers nonsense', 'window.fetch = async () => undefined', true],
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

const files = ['lightfoot.js', 'lightfoot.core.js'] as const

/** Every call that the documents name, as a page writes it that does not know which file it has. */
const calls = `
  lightfoot.track('x', { plan: 'small' }); lightfoot.view('x', 'group'); lightfoot.search('x', 1); lightfoot.pageview()
  lightfoot.consent.status()
  lightfoot.consent.set({ purposes: ['statistics'], source: 'banner' }).then(() => {}).catch(() => { throw 'set' })
  0`
const withdrawal = `lightfoot.consent.withdraw().then(() => lightfoot.consent.object())
  .then(() => lightfoot.consent.set({ purposes: [] })).then(() => lightfoot.consent.status()).then(() => 0)`

test.each(files)('%s: the page never sees an exception from us, whatever is broken', async file => {
  const { lab } = fixture
  // All pages at once: most of it is waiting.
  const found = breakages.map(async ([name, breakage, arrives], number) => {
    const path = `/broken/${number}`
    lab.pages.set(path, {
      script: exempt,
      file,
      body: '<a id=lightfoot></a><button data-lf=a>a</button><img src=/missing.png>',
    })
    const page = await fixture.newPage()
    await page.addInitScript(
      `${breakage}; addEventListener('unhandledrejection', event => { throw event.reason })`,
    )
    await page.goto(`${lab.origin}${path}`)
    await page.click('button')
    await page.evaluate("history.pushState({}, '', '/next')")
    await page.evaluate(calls)
    await page.waitForTimeout(1100)
    await page.goto('about:blank')
    const views = () => lab.events('pageview').filter(({ pageUrl }) => pageUrl.endsWith(path))
    if (arrives) await expect.poll(views, { message: name, timeout: 8000 }).not.toEqual([])
    await page.goto(`${lab.origin}${path}`)
    await page.evaluate(withdrawal)
    return [name, page.faults]
  })
  expect(await Promise.all(found)).toEqual(breakages.map(([name]) => [name, []]))
})

test.each(files)('%s without its own element: silent, and every call is there', async file => {
  const { lab } = fixture
  const page = await fixture.newPage()
  lab.pages.set('/page', {
    // Of a script that is run as text there is no element.
    head: `<script>fetch('/${file}').then(answer => answer.text()).then(text => { new Function(text)() })</script>`,
  })
  await page.goto(`${lab.origin}/page`)
  await page.waitForFunction('window.lightfoot')
  await page.evaluate(calls)
  await page.evaluate(withdrawal)
  expect([page.faults, lab.requests]).toEqual([[], []])
})
