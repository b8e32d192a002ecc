// What a page tells of itself: what failed in it, and how long it took.

import { setTimeout as sleep } from 'node:timers/promises'
import { expect } from 'vitest'
import type { Site } from './site.ts'
import type { Scenario } from './visit.ts'

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
    mode: 'strict',
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
    mode: 'strict',
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
    name: 'script-error',
    mode: 'strict',
    faults: ['thrown for Anna'],
    pages: { '/page': { body: `<button onclick="throw new Error('thrown for Anna 42')">throw</button>` } },
    async visit({ open, grant, click }) {
      await open('/start')
      await grant('statistics', 'performance')
      await open('/page')
      await click('button')
      await click('button')
    },
    check({ list }) {
      const [error, ...more] = list('error', 'path', 'kind', 'message', 'line')
      expect(error).toMatch(/^\/page script (Error: )?thrown for Anna \* \d+$/)
      expect(more).toEqual([])
    },
  },
  {
    name: 'vitals',
    mode: 'strict',
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
