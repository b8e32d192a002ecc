// What visitors do on a page, and what a page tells of itself. A new signal is a scenario more. For how long, and how far down:
// time_and_scroll.ts.

import { setTimeout as sleep } from 'node:timers/promises'
import { expect } from 'vitest'
import { waitUntil } from '../testing/wait_until.ts'
import { click, moveTo } from './driver.ts'
import { type Scenario, withCore } from './visit.ts'

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
