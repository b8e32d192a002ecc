// What a page tells of itself: what failed in it, and how long it took.

import { setTimeout as sleep } from 'node:timers/promises'
import { expect } from 'vitest'
import type { Site } from './site.ts'
import type { Scenario } from './visit.ts'

/** The element that failed says so itself. */
const adding = (tag: string, address: string, property = 'src') => `{
  const element = document.createElement('${tag}')
  Object.assign(element, { ${property}: ${address}, rel: 'stylesheet', preload: 'auto' })
  element.onerror = () => dispatchEvent(new CustomEvent('say', { detail: 'failed ${tag}' }))
  document.body.append(element)
}`

/** Their file is loaded once the page rests: what waits in the same line comes after it. */
const measuring = (
  site: Site,
) => `new Promise(resolve => (window.requestIdleCallback ?? setTimeout)(resolve, { timeout: 5000 }))
  .then(() => import('${site.scriptUrl('lightfoot.vitals.js')}')).then(() => true)`

/** Until the browser has told of an interaction: it keeps those from 104 ms on for who asks later. */
const interactionTold = `new Promise(resolve => {
  const look = list => list.getEntries().some(entry => entry.interactionId) && resolve(true)
  new PerformanceObserver(look).observe({ type: 'event', buffered: true })
})`

export const pageFaultsAndTimes: readonly Scenario[] = [
  {
    name: 'missing-image',
    site: 'strict',
    pages: { '/page': { body: '<img src="/missing.png?token=1">' } },
    async visit({ open, grant }) {
      await open('/start')
      await grant('statistics', 'performance')
      await open('/page')
      await sleep(100)
    },
    check({ list, rows, can }) {
      const [error, ...more] = list('error', 'path', 'kind', 'tag', 'resource', 'status')
      expect(error).toMatch(/^\/page resource img \S+\/missing\.png (404|-)$/)
      expect(error?.endsWith('404')).toBe(can('responseStatus'))
      expect(more).toEqual([])
      expect(JSON.stringify(rows)).not.toContain('token')
    },
  },
  {
    name: 'timing',
    site: 'strict',
    pages: { '/page': { body: 'x'.repeat(5000), delayMs: 30 } },
    async visit({ open, grant, driver, site, note }) {
      await open('/start')
      await grant('statistics', 'performance')
      await open('/page')
      await driver.evaluate(measuring(site))
      const entry = "performance.getEntriesByType('navigation')[0]"
      note('entry', await driver.evaluate(`({ ...${entry}.toJSON(), at: ${entry}.loadEventEnd })`))
    },
    check({ rows, notes }) {
      const [timing, ...more] = rows.filter(row => row.type === 'timing' && row.path === '/page')
      const entry = notes.entry as Record<string, number>
      expect(more).toEqual([])
      expect(timing).toMatchObject({
        ttfb_ms: Math.round(entry.responseStart ?? 0),
        load_ms: Math.round(entry.loadEventEnd ?? 0),
        transfer_bytes: entry.transferSize,
        protocol: 'http/1.1',
      })
      expect(timing?.ttfb_ms).toBeGreaterThanOrEqual(30)
      expect(timing?.transfer_bytes).toBeGreaterThan(5000)
    },
  },
  {
    name: 'failures',
    site: 'strict',
    faults: ['thrown for Anna', 'rejected for Anna', 'Script error.', 'of the partner'],
    pages: {
      '/page': {
        body: `<button id=throw onclick="throw new Error('thrown for Anna 42')">throw</button>
          <button id=reject onclick="void Promise.reject(new Error('rejected for Anna 42'))">reject</button>
          <script>
            const add = () => {
              ${adding('script', "'/missing.js?token=1'")}
              ${adding('link', "'/missing.css?token=1'", 'href')}
              ${adding('audio', "'/missing.ogg?token=1'")}
              ${adding('script', "'http://partner.localhost:' + location.port + '/foreign.js'")}
            }
          </script>`,
      },
    },
    async visit({ open, grant, click, driver, until, site, browser }) {
      await open('/start')
      await grant('statistics', 'performance')
      await open('/page')
      await click('#throw')
      await click('#throw')
      await click('#reject')
      await driver.evaluate('void add()')
      for (const tag of ['script', 'link', 'audio']) await until('/page', `failed ${tag}`)
      await until('/page', browser === 'firefox' ? 'fault Error: of the partner' : 'fault Script error.')
      // What is told of them is in a file of its own.
      await driver.evaluate(`import('${site.scriptUrl('lightfoot.errors.js')}').then(() => true)`)
    },
    check({ list, rows, can, browser }) {
      const status = can('responseStatus') ? 404 : '-'
      const resources = list('error', 'path', 'kind', 'tag', 'status').filter(row => /resource/.test(row))
      expect(resources).toEqual([
        // Whether its status is known already when a medium fails, is chance.
        expect.stringMatching(/^\/page resource audio (404|-)$/),
        `/page resource link ${status}`,
        `/page resource script ${status}`,
      ])
      // Of another site's script there is no file, no line and no message. Firefox ESR 153 gives them all, as to its own page.
      const foreign = browser === 'firefox' ? ['of the partner * 1'] : ['Script error. - -']
      const told = list('error', 'kind', 'message', 'resource', 'line').flatMap(row => {
        const [, fault] =
          /^script (?:Error: )?(.*)$/.exec(row.replace(/ \S+\/(page|foreign\.js) /, ' * ')) ?? []
        return fault === undefined ? [] : [fault]
      })
      expect(told.map(fault => fault.replace(/(Anna \* \*) \d+$/, '$1 line')).sort()).toEqual(
        [...foreign, 'rejected for Anna * - -', 'thrown for Anna * * line'].sort(),
      )
      expect(JSON.stringify(rows)).not.toContain('token')
    },
  },
  {
    name: 'vitals',
    site: 'strict',
    pages: {
      '/page': {
        body: `<h1>Kites</h1><p id=late style="height: 10px"></p><p>text that moves</p>
          <button onclick="for (const end = performance.now() + 150; performance.now() < end;);">busy</button>
          <script>setTimeout(() => { late.style.height = '200px' }, 200)</script>`,
      },
    },
    async visit({ open, grant, click, driver, site, can }) {
      await open('/start')
      await grant('statistics', 'performance')
      await open('/page')
      await driver.evaluate(measuring(site))
      await sleep(300)
      await click('button')
      if (can('interactions')) await driver.evaluate(interactionTold)
    },
    check({ list, can }) {
      const wanted = {
        FCP: true,
        TTFB: true,
        LCP: can('largestPaint'),
        CLS: can('layoutShift'),
        INP: can('interactions'),
      }
      const names = Object.entries(wanted).flatMap(([name, isWanted]) => (isWanted ? [name] : []))
      expect(new Set(list('vital', 'path', 'name'))).toEqual(new Set(names.map(name => `/page ${name}`)))
    },
  },
]
