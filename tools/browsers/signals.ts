// What visitors do on a page, and what a page tells of itself. A new signal is a scenario more.

import { setTimeout as sleep } from 'node:timers/promises'
import { expect } from 'vitest'
import { waitUntil } from '../testing/wait_until.ts'
import { click, moveTo, turnWheel } from './driver.ts'
import { type Arrived, type Scenario, type Visit, withCore } from './visit.ts'

const clickable = `
  <a id=internal href="/next?q=1" data-lf=menu>in</a>
  <a id=download href="/prices.pdf">prices</a>
  <a id=tel href="tel:+40722123456">call</a>
  <a id=mailto href="mailto:someone@example.com">mail</a>
  <nav data-lf=filters><button id=button>go</button></nav>
  <span id=named data-lf=named>named</span>
  <p id=plain>plain</p>
  <div id=host></div>
  <script>
    document.querySelector('#host').attachShadow({ mode: 'open' }).innerHTML = '<a href=/shadow data-lf=inside style="display: block">deep</a>'
    addEventListener('click', event => event.preventDefault())
    addEventListener('auxclick', event => event.preventDefault())
  </script>`

const clicked = [
  'download',
  'internal inside /shadow',
  'internal menu /next',
  'internal menu /next',
  'internal menu /next',
  'button filters',
  'mailto',
  'other named',
  'tel',
]

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

export const signals: readonly Scenario[] = [
  {
    name: 'clicks',
    site: 'strict',
    pages: { '/page': { body: clickable } },
    async visit({ open, grant, click, press, driver }) {
      await open('/start')
      await grant('statistics', 'behaviour')
      await open('/page')
      for (const id of ['download', 'tel', 'mailto', 'button', 'named', 'plain', 'host'])
        await click(`#${id}`)
      await click('#internal')
      await click('#internal', 1)
      await driver.evaluate("document.querySelector('#internal').focus()")
      await press('enter')
    },
    check({ list, rows }) {
      expect(list('click', 'kind', 'target', 'target_path')).toEqual(
        clicked
          .map(row => {
            const [kind, target = '-', path = kind === 'download' ? '/prices.pdf' : '-'] = row.split(' ')
            return `${kind} ${target} ${path}`
          })
          .sort(),
      )
      expect(JSON.stringify(rows)).not.toMatch(/someone|q=1/)
    },
  },
  ...withCore({
    name: 'clicks-exempt',
    pages: { '/page': { body: clickable } },
    async visit({ open, click, press, driver }) {
      await open('/page')
      for (const id of ['download', 'tel', 'mailto', 'button', 'named', 'plain', 'host'])
        await click(`#${id}`)
      await click('#internal', 1)
      await driver.evaluate("document.querySelector('#internal').focus()")
      await press('enter')
    },
    check: ({ list, isCore }) =>
      expect(list('click', 'kind', 'target', 'target_path', 'dialled')).toEqual([
        'button - - -',
        'download - - -',
        'internal - - -',
        'internal - - -',
        'internal - - -',
        'mailto - - -',
        // The core knows no names.
        ...(isCore ? [] : ['other - - -']),
        'tel - - -',
      ]),
  }),
  {
    name: 'rage',
    site: 'strict',
    pages: { '/page': { body: '<button onclick="document.title += 1">nothing</button>' } },
    async visit({ open, grant, driver }) {
      await open('/start')
      await grant('statistics', 'behaviour')
      await open('/page')
      await click(driver, 'button', 0, 3)
      // A driver may answer before the page has heard of the last one.
      const heard = async () => String(await driver.evaluate('document.title')).endsWith('111')
      await waitUntil('three clicks', heard, 10_000)
    },
    check: ({ list }) =>
      expect(list('click', 'path', 'frustration')).toEqual(['/page -', '/page -', '/page rage']),
  },
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
  {
    name: 'named-by-the-site',
    site: 'strict',
    pages: {
      '/page': {
        body: `<p data-lf-view=kites data-lf-group=catalogue>kites</p>
          <button data-lf-event="plan chosen" data-lf-event-plan=small>small</button>`,
      },
    },
    async visit({ open, grant, driver, click }) {
      await open('/start')
      await grant('statistics', 'behaviour')
      await open('/page')
      await driver.evaluate("lightfoot.track('signed up', { plan: 'small', seats: 3 })")
      await driver.evaluate("lightfoot.view('Tern', 'Kites')")
      await driver.evaluate("lightfoot.search('box kite', 0)")
      await driver.evaluate("lightfoot.search('red kite', 12)")
      await click('button')
      // What is in view in two looks, a second apart, was looked at.
      await sleep(2300)
    },
    check({ list }) {
      expect(list('custom', 'path', 'name', 'properties')).toEqual([
        '/page plan chosen {"plan":"small"}',
        '/page signed up {"plan":"small","seats":3}',
      ])
      expect(list('search', 'path', 'term', 'amount')).toEqual(['/page box kite -', '/page red kite 12'])
      expect(list('view', 'path', 'name', 'name_group')).toEqual([
        '/page Tern Kites',
        '/page kites catalogue',
      ])
    },
  },
  {
    name: 'hover-and-forms',
    site: 'strict',
    pages: {
      '/page': {
        body: `<p data-lf=offer>offer</p>
          <form data-lf=letter><input id=mail name=mail></form>
          <form data-lf=check><input name=needed required><button id=check>check</button></form>
          <form data-lf=order action=/next><input id=field name=who><button id=send>send</button></form>`,
      },
    },
    async visit({ open, grant, driver, click, press, until }) {
      await open('/start')
      await grant('statistics', 'behaviour')
      await open('/page')
      await moveTo(driver, '[data-lf=offer]')
      await sleep(400)
      await click('#mail')
      await press('anna')
      await click('#check')
      await click('#field')
      await press('Anna')
      await click('#send')
      await until('/next', 'shown')
    },
    check({ list, sum, rows }) {
      // The pointer may also have rested on the form.
      expect(list('hover', 'path', 'target')).toContain('/page offer')
      expect(sum('hover', '/page', 'duration_ms')).toBeGreaterThanOrEqual(350)
      expect(list('form', 'path', 'name', 'kind', 'amount')).toEqual([
        '/page check invalid -',
        '/page letter abandon 1',
        '/page order submit 1',
      ])
      expect(JSON.stringify(rows)).not.toMatch(/anna|who|mail/i)
    },
  },
]
