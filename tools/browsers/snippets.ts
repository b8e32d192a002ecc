// What the site's owner writes on the script element.

import { setTimeout as sleep } from 'node:timers/promises'
import { expect } from 'vitest'
import { type Scenario, withCore } from './visit.ts'

export const snippets: readonly Scenario[] = [
  {
    name: 'hash-routes',
    attributes: 'data-hash',
    pages: {
      '*': {
        body: `<a id=anchor href="#top">top</a> <a id=three href="#/orders/3?q=secret">3</a>
          <button onclick="location.hash = '!/orders/4'">4</button>`,
      },
    },
    async visit({ open, click, untilPath, driver, can }) {
      await open('/app')
      await click('button')
      await untilPath('/app#!/orders/4')
      await click('#three')
      await untilPath('/app#/orders/3?q=secret')
      // So soon after a click on a link, a browser without the Navigation API makes a link of what follows.
      if (!can('navigationApi')) await sleep(1100)
      await driver.back()
      await untilPath('/app#!/orders/4')
      // No route: the page of the path alone.
      await click('#anchor')
      await untilPath('/app#top')
    },
    check({ list, rows, can }) {
      const back = can('navigationApi') ? 'back_forward' : 'unknown'
      expect(list('pageview', 'path', 'navigation', 'referrer_path', 'arrival')).toEqual(
        [
          '/app navigate - unknown',
          '/app route /app/orders/4 link',
          '/app/orders/3 route /app/orders/4 link',
          '/app/orders/4 route /app unknown',
          `/app/orders/4 route /app/orders/3 ${back}`,
        ].sort(),
      )
      expect(JSON.stringify(rows)).not.toMatch(/secret|#/)
    },
  },
  ...withCore({
    name: 'excluded',
    attributes: 'data-exclude="/admin/* /drafts/*"',
    pages: {
      '*': {
        body: `<a id=admin href=/admin/users>users</a> <a id=b href=/b>b</a>
          <button id=draft onclick="history.pushState({}, '', '/drafts/1')">draft</button>
          <button id=c onclick="history.pushState({}, '', '/c')">c</button>`,
      },
    },
    async visit({ open, click, until, untilPath }) {
      await open('/a')
      await click('#admin')
      await until('/admin/users', 'shown')
      await click('#b')
      await until('/b', 'shown')
      await click('#draft')
      await untilPath('/drafts/1')
      await click('#c')
      await untilPath('/c')
    },
    check({ list, rows }) {
      expect(list('pageview', 'path', 'navigation', 'referrer_path', 'from_path')).toEqual([
        '/a navigate - -',
        '/b navigate - -',
        '/c route - -',
      ])
      expect(list('click', 'path', 'kind')).toEqual(['/a internal', '/b button'])
      expect(JSON.stringify(rows)).not.toMatch(/admin|drafts/)
    },
  }),
  ...withCore({
    name: 'manual',
    attributes: 'data-manual',
    pages: {
      '*': {
        body: `<button id=plain>plain</button>
          <button id=push onclick="history.pushState({}, '', '/b')">push</button>`,
      },
    },
    async visit({ open, click, driver }) {
      await open('/never')
      await click('#plain')
      await open('/a')
      await click('#plain')
      await driver.evaluate('lightfoot.pageview()')
      // Still the page that was counted, whatever its address.
      await click('#push')
      await driver.evaluate('lightfoot.pageview()')
      await click('#plain')
    },
    check({ list, rows }) {
      expect(list('pageview', 'path', 'navigation')).toEqual(['/a navigate', '/b route'])
      expect(list('click', 'path', 'kind')).toEqual(['/a button', '/b button'])
      expect(rows.filter(row => row.path === '/never')).toEqual([])
    },
  }),
  {
    name: 'status-told-by-the-page',
    site: 'strict',
    attributes: 'data-status=404',
    pages: { '/gone': { status: 410 } },
    async visit({ open, grant }) {
      await open('/start')
      await grant('statistics', 'performance')
      await open('/gone')
    },
    check({ list, can }) {
      // What the browser knows itself stands above what the page says.
      const status = can('responseStatus') ? 410 : 404
      expect(list('pageview', 'path', 'navigation', 'status')).toEqual([
        `/gone navigate ${status}`,
        '/start consent -',
      ])
      expect(list('error', 'path', 'kind', 'status')).toEqual([`/gone page ${status}`])
    },
  },
]
