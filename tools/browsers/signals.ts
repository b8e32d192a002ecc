// What visitors do on a page, and what a page tells of itself. A new signal is a scenario more.

import { setTimeout as sleep } from 'node:timers/promises'
import { expect } from 'vitest'
import { waitUntil } from '../testing/wait_until.ts'
import { moveTo, turnWheel } from './driver.ts'
import type { Scenario } from './visit.ts'

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

export const signals: readonly Scenario[] = [
  {
    name: 'clicks',
    mode: 'strict',
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
  {
    name: 'clicks-exempt',
    pages: { '/page': { body: clickable } },
    async visit({ open, click }) {
      await open('/page')
      for (const id of ['internal', 'download', 'button']) await click(`#${id}`)
    },
    check: ({ list }) =>
      expect(list('click', 'kind', 'target', 'target_path')).toEqual([
        'button - -',
        'download - -',
        'internal - -',
      ]),
  },
  {
    name: 'engagement',
    mode: 'strict',
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
    name: 'scroll',
    mode: 'strict',
    pages: { '/page': { body: '<div style="height: 5000px">long</div>' } },
    async visit({ open, grant, driver }) {
      await open('/start')
      await grant('statistics', 'behaviour')
      await open('/page')
      if (driver.hasWheel) await turnWheel(driver, 2200)
      else await driver.evaluate('scrollTo({ top: 2200, behavior: "instant" })')
      // A wheel may scroll smoothly.
      await waitUntil('scrolled', async () => Number(await driver.evaluate('scrollY')) >= 2199, 5_000)
      await driver.evaluate('new Promise(resolve => requestAnimationFrame(() => setTimeout(resolve, 50)))')
    },
    check({ rows }) {
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
    },
  },
  {
    name: 'named-by-the-site',
    mode: 'strict',
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
      await driver.evaluate("lightfoot.search('box kite', 0)")
      await click('button')
      // What is in view in two looks, a second apart, was looked at.
      await sleep(2300)
    },
    check({ list }) {
      expect(list('custom', 'path', 'name', 'properties')).toEqual([
        '/page plan chosen {"plan":"small"}',
        '/page signed up {"plan":"small","seats":3}',
      ])
      expect(list('search', 'path', 'term', 'amount')).toEqual(['/page box kite -'])
      expect(list('view', 'path', 'name', 'name_group')).toEqual(['/page kites catalogue'])
    },
  },
  {
    name: 'hover-and-form',
    mode: 'strict',
    pages: {
      '/page': {
        body: `<p data-lf=offer>offer</p>
          <form data-lf=order action=/next><input id=field name=who><button>send</button></form>`,
      },
    },
    async visit({ open, grant, driver, click, press, until }) {
      await open('/start')
      await grant('statistics', 'behaviour')
      await open('/page')
      await moveTo(driver, '[data-lf=offer]')
      await sleep(400)
      await click('#field')
      await press('Anna')
      await click('form button')
      await until('/next', 'shown')
    },
    check({ list, sum, rows }) {
      // The pointer may also have rested on the form.
      expect(list('hover', 'path', 'target')).toContain('/page offer')
      expect(sum('hover', '/page', 'duration_ms')).toBeGreaterThanOrEqual(350)
      expect(list('form', 'path', 'name', 'kind', 'amount')).toEqual(['/page order submit 1'])
      expect(JSON.stringify(rows)).not.toMatch(/Anna|who/)
    },
  },
  {
    name: 'core',
    file: 'lightfoot.core.js',
    pages: { '*': { body: `<a href=/b>b</a> <button onclick="history.pushState({}, '', '/c')">c</button>` } },
    async visit({ open, click, until, untilPath, driver }) {
      await open('/a')
      await click('a')
      await until('/b', 'shown')
      await click('button')
      await driver.back()
      await untilPath('/b')
      await driver.back()
      await until('/a', 'restored')
    },
    check({ list }) {
      expect(list('pageview', 'path', 'navigation', 'arrival')).toEqual([
        '/a bfcache back_forward',
        '/a navigate unknown',
        '/b navigate link',
        '/b route back_forward',
        '/c route unknown',
      ])
      expect(list('click', 'path', 'kind')).toEqual(['/a internal', '/b button'])
      expect(list('exit', 'path', 'kind')).toContain('/a link')
    },
  },
]
