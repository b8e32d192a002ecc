// A network and a collector that fail: what a page had to tell arrives, once.

import { setTimeout as sleep } from 'node:timers/promises'
import { expect } from 'vitest'
import { waitUntil } from '../testing/wait_until.ts'
import type { Weather } from './site.ts'
import { type Arrived, type Scenario, type Visit, withCore } from './visit.ts'

/** A click on a page whose collector fails, until a request has met that. */
async function clickIn({ open, click, site, host }: Visit, weather: Weather): Promise<void> {
  site.setWeather(host, weather)
  await open('/page')
  await click('button')
  await waitUntil('a request meets it', () => site.refused(host) > 0, 5_000)
}

/** The weather is fair again: until the retry has come through. */
async function untilRetried({ site, host }: Visit): Promise<void> {
  site.setWeather(host, 'fair')
  await waitUntil('a batch comes', () => site.passed(host) > 0, 10_000)
}

/** Longer than events are gathered in a page. */
const gatheredMs = 1300

const pages = { '*': { body: '<button>save</button>' } }
const onceOn =
  (...paths: string[]) =>
  ({ list }: Arrived) => {
    expect(list('pageview', 'path')).toEqual(paths)
    expect(list('click', 'path', 'kind')).toEqual(['/page button'])
    expect(list('exit', 'path')).toEqual(paths)
  }

export const deliveries: readonly Scenario[] = [
  ...withCore({
    name: 'offline-then-online',
    pages,
    async visit(visit) {
      const { open, click, driver, site, host } = visit
      // Firefox without a network still reaches its own machine, so the collector's connections are cut as well. Where the driver
      // cannot take the network away, as WebKit's, they alone are, and the page is told by hand that they are back.
      if (driver.setOffline) {
        await open('/page')
        site.setWeather(host, 'away')
        await driver.setOffline(true)
        await click('button')
        await sleep(gatheredMs)
        site.setWeather(host, 'fair')
        await driver.setOffline(false)
      } else {
        await clickIn(visit, 'away')
        site.setWeather(host, 'fair')
        await driver.evaluate("void dispatchEvent(new Event('online'))")
      }
      await untilRetried(visit)
    },
    check: onceOn('/page'),
  }),
  ...withCore({
    name: 'unavailable-then-back',
    pages,
    async visit(visit) {
      await clickIn(visit, { status: 503, headers: { 'Retry-After': '1' } })
      await untilRetried(visit)
    },
    check(arrived) {
      onceOn('/page')(arrived)
      // The core waits for as long as its steps of time are, so that it has one to tell.
      if (!arrived.isCore) return
      const { sum } = arrived
      for (const column of ['active_ms', 'visible_ms'])
        expect([5000, 10_000]).toContain(sum('engagement', '/page', column))
    },
  }),
  ...withCore({
    name: 'left-while-away',
    pages,
    async visit(visit) {
      await clickIn(visit, 'away')
      visit.site.setWeather(visit.host, 'fair')
      // The batch that waits for its retry leaves with the page.
      await visit.open('/next')
    },
    check: onceOn('/next', '/page'),
  }),
  ...withCore({
    name: 'slow',
    pages,
    async visit(visit) {
      await clickIn(visit, 'slow')
      // Its answer is not there yet.
      await visit.open('/next')
    },
    check: onceOn('/next', '/page'),
  }),
  ...withCore({
    name: 'refused',
    pages,
    async visit(visit) {
      await clickIn(visit, { status: 403 })
      visit.site.setWeather(visit.host, 'fair')
      await sleep(200)
      await visit.click('button')
      await visit.open('/next')
    },
    check({ list, rows }) {
      // Silent until the next page.
      expect(list('pageview', 'path')).toEqual(['/next'])
      expect(rows.filter(row => row.path === '/page')).toEqual([])
    },
  }),
]
