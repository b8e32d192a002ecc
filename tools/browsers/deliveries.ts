// A network and a collector that fail: what a page had to tell arrives, once.

import { setTimeout as sleep } from 'node:timers/promises'
import { expect } from 'vitest'
import { waitUntil } from '../testing/wait_until.ts'
import type { Weather } from './site.ts'
import type { Scenario, Visit } from './visit.ts'

/** A click on a page whose collector fails from before it until a request has met that. */
async function clickIn({ open, click, site }: Visit, weather: Weather): Promise<void> {
  await open('/page')
  await sleep(1300)
  site.setWeather(weather)
  await click('button')
  await waitUntil('a request meets it', () => site.refused() > 0, 5_000)
}

const pages = { '*': { body: '<button>save</button>' } }

/** First a try after 1 to 1.5 s. */
const retriedMs = 1800

export const deliveries: readonly Scenario[] = [
  {
    name: 'offline-then-online',
    pages,
    async visit(visit) {
      const { open, click, driver, site } = visit
      if (driver.setOffline) {
        await open('/page')
        await driver.setOffline(true)
        await click('button')
        await sleep(1300)
        await driver.setOffline(false)
      } else {
        await clickIn(visit, 'away')
        site.setWeather('fair')
      }
      await sleep(retriedMs)
    },
    check: ({ list }) => expect(list('click', 'path', 'kind')).toEqual(['/page button']),
  },
  {
    name: 'unavailable-then-back',
    pages,
    async visit(visit) {
      await clickIn(visit, { status: 503, headers: { 'Retry-After': '1' } })
      visit.site.setWeather('fair')
      await sleep(retriedMs)
    },
    check: ({ list }) => expect(list('click', 'path', 'kind')).toEqual(['/page button']),
  },
  {
    name: 'left-while-away',
    pages,
    async visit(visit) {
      await clickIn(visit, 'away')
      visit.site.setWeather('fair')
      // The batch that waits for its retry leaves with the page.
      await visit.open('/next')
    },
    check: ({ list }) => expect(list('click', 'path', 'kind')).toEqual(['/page button']),
  },
  {
    name: 'refused',
    pages,
    async visit(visit) {
      await clickIn(visit, { status: 403 })
      visit.site.setWeather('fair')
      await sleep(300)
      await visit.click('button')
      await sleep(1300)
      await visit.open('/next')
    },
    check({ list }) {
      // Silent until the next page.
      expect(list('click')).toEqual([])
      expect(list('exit', 'path')).not.toContain('/page')
      expect(list('pageview', 'path')).toEqual(['/next', '/page'])
    },
  },
]
