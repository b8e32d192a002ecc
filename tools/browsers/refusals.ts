// Who decides besides the page's own banner: the browser's settings, a consent platform, the same site in another tab.

import { expect } from 'vitest'
import { purposeSet } from '../../contract/purposes.ts'
import { writeTcfMap } from '../../contract/tcf.ts'
import { platformScript, type TcData, tcData } from '../testing/tc_string.ts'
import { waitUntil } from '../testing/wait_until.ts'
import { kept, noIdentity, nothing } from './kept.ts'
import { type Scenario, type Visit, withCore } from './visit.ts'

/** Of the site `platform`. */
export const platformMap = {
  purposes: { 1: ['identity'], 8: ['statistics', 'behaviour'] },
  custom: { 1: ['performance'] },
} as const

const dataTcf = `data-tcf="${writeTcfMap(platformMap)}"`

const button = '<button data-lf=save>save</button>'

/** A page whose browser refuses by itself, or where none of its settings says so, by what a page can read of it. */
const refusing = (property: string, value: string) => ({
  head: `<script>
    if (navigator.${property} === ${value}) dispatchEvent(new CustomEvent('say', { detail: 'refuses by itself' }))
    else Object.defineProperty(Navigator.prototype, '${property}', { get: () => ${value}, configurable: true })
  </script>`,
  body: button,
})
const gpc = refusing('globalPrivacyControl', 'true')
const dnt = refusing('doNotTrack', "'1'")

/** Firefox has both settings, and its page proves it; WebKitGTK and Chromium have none that a test can switch. */
async function openRefusing({ driver, open, until }: Visit, signal: 'gpc' | 'dnt', path: string) {
  await driver.setRefusal?.(signal, true)
  await open(path)
  if (driver.setRefusal) await until(new URL(path, 'http://site').pathname, 'refuses by itself')
}

const platform = (data: TcData) => ({
  head: `<script>${platformScript(data)}</script>`,
  body: `${button}<button id=yes onclick='platform(${JSON.stringify(accepted)})'>yes</button>
    <button id=no onclick='platform(${JSON.stringify(rejected)})'>no</button>`,
})
const accepted = tcData({ purposes: [1, 8], custom: [1] }, 'useractioncomplete')
const rejected = tcData({ purposes: [2] }, 'useractioncomplete')

const untilLevel = ({ driver }: Visit, level: string) =>
  waitUntil(level, async () => (await driver.evaluate('lightfoot.consent.status().level')) === level, 10_000)

/** The page that a visitor comes back to, after having said no in another tab. */
const endedElsewhere = (name: string, call: string, site: 'exempt' | 'strict'): Scenario => ({
  name,
  site,
  pages: {
    '*': { body: button },
  },
  async visit({ open, grant, driver, click, untilPath }) {
    await open('/a')
    if (site === 'strict') await grant('statistics', 'behaviour')
    await driver.inSecondTab(async () => {
      await open('/b')
      await driver.evaluate(`lightfoot.consent.${call}()`)
    })
    await click('button')
    await driver.evaluate("void history.pushState({}, '', '/c')")
    await untilPath('/c')
    await click('button')
  },
  check({ list, rows }) {
    expect(list('click')).toEqual([])
    expect(list('exit')).toEqual([])
    expect(rows.filter(row => row.path === '/c')).toEqual([])
  },
})

export const refusals: readonly Scenario[] = [
  {
    name: 'gpc',
    pages: { '*': gpc },
    async visit(visit) {
      try {
        await openRefusing(visit, 'gpc', '/a?utm_source=letter&utm_campaign=spring')
        visit.note('kept', await visit.driver.evaluate(kept))
        // The visitor's own later choice.
        await visit.grant('statistics', 'identity', 'campaigns', 'disclosure')
        await openRefusing(visit, 'gpc', '/b?utm_source=letter&utm_campaign=spring')
      } finally {
        await visit.driver.setRefusal?.('gpc', false)
      }
    },
    check({ list, rows, notes }) {
      const chosen = purposeSet(['statistics', 'identity', 'campaigns'])
      expect(list('pageview', 'path', 'navigation', 'purposes', 'campaign_source', 'campaign_name')).toEqual([
        `/a consent ${chosen} letter spring`,
        '/a navigate - letter -',
        `/b navigate ${chosen} letter spring`,
      ])
      for (const row of rows) expect(row.identity === noIdentity).toBe(row.consent === 'exempt')
      expect(notes.kept).toEqual(nothing)
    },
  },
  ...withCore({
    name: 'refused-by-the-browser',
    attributes: 'data-gpc=objection',
    pages: { '/gpc': gpc, '/dnt': dnt },
    async visit(visit) {
      const { driver, click, note, site, host } = visit
      for (const signal of ['gpc', 'dnt'] as const) {
        try {
          await openRefusing(visit, signal, `/${signal}`)
          await click('button')
          await driver.evaluate("lightfoot.consent.set({ purposes: ['statistics'] }).then(() => true)")
        } finally {
          await driver.setRefusal?.(signal, false)
        }
      }
      note('kept', await driver.evaluate(kept))
      note('batches', site.passed(host))
    },
    check({ rows, notes }) {
      expect(rows).toEqual([])
      expect(notes).toEqual({ kept: nothing, batches: 0 })
    },
  }),
  {
    name: 'platform',
    site: 'platform',
    attributes: dataTcf,
    pages: {
      '/a': platform(tcData({}, 'cmpuishown')),
      '/b': platform({ ...accepted, eventStatus: 'tcloaded' }),
      '/c': platform({ ...rejected, eventStatus: 'tcloaded' }),
    },
    async visit(visit) {
      const { open, click, note, driver } = visit
      await open('/a')
      await click('[data-lf=save]')
      note('awaited', await driver.evaluate(kept))
      await click('#yes')
      await untilLevel(visit, 'granted')
      await click('[data-lf=save]')
      await open('/b')
      await untilLevel(visit, 'granted')
      await click('#no')
      await untilLevel(visit, 'none')
      await click('[data-lf=save]')
      note('refused', await driver.evaluate(kept))
      await open('/c')
      await untilLevel(visit, 'exempt')
    },
    check({ list, rows, notes }) {
      const chosen = purposeSet(['statistics', 'behaviour', 'identity', 'performance'])
      expect(list('pageview', 'path', 'navigation', 'consent', 'purposes')).toEqual([
        `/a navigate granted ${chosen}`,
        // Nothing from before the answer, and nothing after the refusal: what still waited then is not told.
        '/c navigate exempt -',
      ])
      expect(list('click', 'path', 'consent', 'target')).toEqual(['/a granted save'])
      for (const row of rows) expect(row.identity === noIdentity).toBe(row.consent === 'exempt')
      expect(notes).toEqual({ awaited: nothing, refused: nothing })
    },
  },
  {
    name: 'platform-core',
    file: 'lightfoot.core.js',
    site: 'platform',
    attributes: dataTcf,
    pages: { '/b': platform({ ...accepted, eventStatus: 'tcloaded' }) },
    async visit({ open, click }) {
      await open('/b')
      await click('[data-lf=save]')
    },
    // It follows no platform, so it counts nothing where one is asked.
    check: ({ rows }) => expect(rows).toEqual([]),
  },
  endedElsewhere('withdrawn-elsewhere', 'withdraw', 'strict'),
  ...withCore(endedElsewhere('objected-elsewhere', 'object', 'exempt')),
]
