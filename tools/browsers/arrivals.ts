// How visitors come to a page: each is counted once, when it is shown.

import { setTimeout as sleep } from 'node:timers/promises'
import { expect } from 'vitest'
import { type Scenario, withCore } from './visit.ts'

const links = '<a id=a href=/a>a</a> <a id=b href=/b>b</a>'
const speculation = `<script type=speculationrules>{"prerender":[{"urls":["/b"],"eagerness":"immediate"}]}</script>`

export const arrivals: readonly Scenario[] = [
  {
    name: 'loads',
    pages: { '*': { body: links } },
    async visit({ open, click, until, driver }) {
      await open('/a')
      await click('#b')
      await until('/b', 'shown')
      await driver.reload()
      await until('/b', 'shown')
      await open('/c')
    },
    check({ list, rows, can }) {
      // Without navigation.activation a typed address on our own site looks like the first page of a visit.
      const typed = can('navigationApi') ? 'address' : 'unknown'
      expect(list('pageview', 'path', 'navigation', 'arrival', 'referrer_path')).toEqual([
        '/a navigate unknown -',
        '/b navigate link /a',
        '/b reload reload -',
        `/c navigate ${typed} -`,
      ])
      const last = rows.find(row => row.type === 'pageview' && row.path === '/c')
      expect(last?.from_path).toBe(can('navigationApi') ? '/b' : '')
    },
  },
  {
    name: 'loads-and-exits-core',
    file: 'lightfoot.core.js',
    pages: {
      '*': { body: '<a href=/form>form</a><form action=/script><button>go</button></form>' },
    },
    async visit({ open, click, until, driver }) {
      await open('/link')
      await click('a')
      await until('/form', 'shown')
      await click('button')
      await until('/script', 'shown')
      await driver.evaluate("void setTimeout(() => { location.href = '/reload' }, 50)")
      await until('/reload', 'shown')
      await driver.reload()
      await until('/reload', 'shown')
      await open('/typed')
      await driver.back()
      await until('/reload', 'restored')
    },
    check({ list }) {
      expect(list('pageview', 'path', 'navigation', 'arrival', 'referrer_path')).toEqual([
        '/form navigate link /link',
        '/link navigate unknown -',
        '/reload bfcache back_forward -',
        '/reload navigate link /script',
        '/reload reload reload -',
        '/script navigate link /form',
        '/typed navigate unknown -',
      ])
      // By link and form; of the rest it knows no more than that the page was left.
      expect(list('exit', 'path', 'kind', 'target_host')).toEqual([
        '/form form -',
        '/link link -',
        '/reload unknown -',
        '/reload unknown -',
        '/reload unknown -',
        '/script unknown -',
        '/typed unknown -',
      ])
    },
  },
  {
    name: 'back-to-a-new-document',
    // Neither of the two keeps every browser from its back/forward cache alone.
    pages: {
      '/a': {
        body: `${links}<script>onunload = () => {}</script>`,
        headers: { 'Cache-Control': 'no-store' },
      },
    },
    async visit({ open, click, until, driver, note, browser }) {
      await open('/a')
      await click('#b')
      await until('/b', 'shown')
      await driver.back()
      // WebKitGTK keeps such a page all the same.
      const how = browser === 'webkit' ? 'restored' : 'shown'
      await until('/a', how)
      note('how', how)
    },
    check({ list, notes }) {
      const navigation = notes.how === 'shown' ? 'back_forward' : 'bfcache'
      expect(list('pageview', 'path', 'navigation', 'arrival')).toEqual([
        `/a ${navigation} back_forward`,
        '/a navigate unknown',
        '/b navigate link',
      ])
    },
  },
  {
    name: 'bfcache',
    site: 'strict',
    pages: { '*': { body: links } },
    async visit({ open, click, until, driver, grant, note }) {
      await open('/start')
      await grant('statistics')
      let shownAt = performance.now()
      let shownMs = 0
      await open('/a')
      await sleep(300)
      await click('#b')
      await until('/b', 'shown')
      shownMs += performance.now() - shownAt
      // Time that the page in the cache must not count.
      await sleep(1500)
      shownAt = performance.now()
      await driver.back()
      await until('/a', 'restored')
      await sleep(300)
      await driver.forward()
      await until('/b', 'restored')
      note('shownMs', shownMs + performance.now() - shownAt)
    },
    check({ list, rows, sum, notes }) {
      const counted = (path: string) => rows.filter(row => row.type === 'pageview' && row.path === path)
      expect(list('pageview', 'path', 'navigation', 'arrival').filter(row => !/start/.test(row))).toEqual([
        '/a bfcache back_forward',
        expect.stringMatching(/^\/a navigate (address|unknown)$/),
        '/b bfcache back_forward',
        '/b navigate link',
      ])
      for (const path of ['/a', '/b']) expect(new Set(counted(path).map(row => row.page)).size).toBe(2)
      const visibleMs = sum('engagement', '/a', 'visible_ms')
      expect(visibleMs).toBeGreaterThan(600)
      expect(visibleMs).toBeLessThan(Number(notes.shownMs))
      expect(sum('engagement', '/a', 'active_ms')).toBeLessThanOrEqual(visibleMs)
      expect(list('exit', 'path').filter(path => path === '/a')).toHaveLength(2)
    },
  },
  ...withCore({
    name: 'prerender',
    needs: 'prerender',
    pages: { '/a': { head: speculation, body: links } },
    async visit({ open, click, until }) {
      await open('/a')
      await until('/b', 'prerendered')
      await click('#b')
      await until('/b', 'activated')
    },
    check: ({ list }) =>
      expect(list('pageview', 'path', 'navigation', 'arrival')).toEqual([
        '/a navigate unknown',
        '/b prerender link',
      ]),
  }),
  {
    name: 'prerender-never-shown',
    needs: 'prerender',
    pages: { '/a': { head: speculation, body: links } },
    async visit({ open, until }) {
      await open('/a')
      await until('/b', 'prerendered')
      // Longer than events are gathered in a page.
      await sleep(1500)
    },
    check({ list, rows }) {
      expect(list('pageview', 'path', 'navigation')).toEqual(['/a navigate'])
      expect(rows.filter(row => row.path === '/b')).toEqual([])
    },
  },
  ...withCore({
    name: 'routes',
    pages: {
      '*': {
        body: `<button id=push onclick="history.pushState({}, '', '/r1')">push</button>
          <button id=same onclick="history.replaceState({}, '', '?filter=1')">replace</button>
          <button id=replace onclick="history.replaceState({}, '', '/r2')">replace</button>
          <a id=hash href="#part">part</a>`,
      },
    },
    async visit({ open, click, driver, untilPath }) {
      await open('/app')
      for (const button of ['#push', '#same', '#replace', '#hash']) await click(button)
      await driver.evaluate('history.go(-2)')
      await untilPath('/app')
    },
    check: ({ list }) =>
      expect(list('pageview', 'path', 'navigation', 'arrival', 'referrer_path')).toEqual([
        '/app navigate unknown -',
        '/app route back_forward /r2',
        '/r1 route unknown /app',
        '/r2 route unknown /r1',
      ]),
  }),
  {
    name: 'status',
    site: 'strict',
    pages: { '/broken': { status: 503 } },
    async visit({ open, grant }) {
      await open('/start')
      await grant('statistics', 'performance')
      await open('/broken')
    },
    check({ list, can }) {
      const status = can('responseStatus')
      expect(list('pageview', 'path', 'status')).toContain(status ? '/broken 503' : '/broken -')
      expect(list('error', 'path', 'kind', 'status')).toEqual(status ? ['/broken page 503'] : [])
    },
  },
]
