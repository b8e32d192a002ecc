// How visitors leave a page, as far as that page can know.

import { expect } from 'vitest'
import type { BrowserName } from './browsers.ts'
import { type Scenario, withCore } from './visit.ts'

type Way = {
  name: string
  body?: string
  leave: (visit: Parameters<Scenario['visit']>[0]) => Promise<void>
  /** Method and host: with the Navigation API, and without. */
  wanted: [withApi: string, without: string]
  /** The page comes again, and is then left by an address. */
  comesAgain?: true
  /** Firefox ESR 153 lost the last beacon of a closed tab in two of ten runs on a busy machine. */
  mayBeLostIn?: BrowserName
}

const ways: readonly Way[] = [
  {
    name: 'by-link',
    body: '<a href=/next>next</a>',
    leave: async ({ click, until }) => {
      await click('a')
      await until('/next', 'shown')
    },
    wanted: ['link own', 'link -'],
  },
  {
    name: 'by-form',
    body: '<form action=/next><input name=q><button>go</button></form>',
    leave: async ({ click, until }) => {
      await click('button')
      await until('/next', 'shown')
    },
    wanted: ['form own', 'form -'],
  },
  {
    name: 'by-script',
    leave: async ({ driver, until }) => {
      await driver.evaluate("void setTimeout(() => { location.href = '/next' }, 50)")
      await until('/next', 'shown')
    },
    wanted: ['script own', 'unknown -'],
  },
  {
    name: 'by-back-button',
    leave: async ({ driver, until }) => {
      await driver.back()
      // Restored or loaded anew: a browser that still had a request under way keeps no page.
      await until('/page', 'hidden')
    },
    wanted: ['back_forward own', 'unknown -'],
  },
  {
    name: 'by-reload',
    leave: async ({ driver, until }) => {
      await driver.reload()
      await until('/page', 'shown')
    },
    wanted: ['unknown -', 'unknown -'],
    comesAgain: true,
  },
  {
    name: 'by-address',
    leave: ({ open }) => open('/next'),
    wanted: ['unknown -', 'unknown -'],
  },
  {
    name: 'by-closing-the-tab',
    leave: async ({ driver, until }) => {
      await driver.renewTab()
      await until('/page', 'hidden')
    },
    wanted: ['unknown -', 'unknown -'],
    mayBeLostIn: 'firefox',
  },
]

export const departures: readonly Scenario[] = [
  ...ways.map(
    ({ name, body = '', leave, wanted: [withApi, without], mayBeLostIn, comesAgain }): Scenario => ({
      name,
      site: 'strict',
      pages: { '/page': { body } },
      async visit(visit) {
        await visit.open('/before')
        await visit.grant('statistics')
        await visit.open('/page')
        await leave(visit)
      },
      check({ browser, list, rows, can }) {
        const host = String(rows.find(row => row.path === '/page')?.host)
        const exits = list('exit', 'path', 'kind', 'target_host').filter(row => row.startsWith('/page '))
        if (mayBeLostIn === browser && exits.length === 0) return
        expect(exits.map(exit => exit.replace(host, 'own'))).toEqual([
          `/page ${can('navigationApi') ? withApi : without}`,
          ...(comesAgain ? ['/page unknown -'] : []),
        ])
      },
    }),
  ),
  ...withCore({
    name: 'outbound-at-once',
    site: 'strict',
    pages: { '/page': { body: '<a data-lf=partner>away</a>' } },
    async visit({ open, grant, click, driver, site, note }) {
      await open('/start')
      await grant('statistics', 'behaviour')
      await open('/page')
      const address = `http://${site.partner}/away?with=query`
      await driver.evaluate(`void (document.querySelector('a').href = '${address}')`)
      await click('a')
      await site.untilTold(site.partner, '/away', 'shown')
      note('partner', site.partner)
    },
    check({ list, can, notes, isCore }) {
      const target = isCore ? '- - -' : `partner ${notes.partner} /away`
      expect(list('click', 'path', 'kind', 'target', 'target_host', 'target_path')).toEqual([
        `/page outbound ${target}`,
      ])
      expect(list('exit', 'path', 'kind', 'target_host').filter(exit => exit.startsWith('/page'))).toEqual([
        can('navigationApi') ? `/page link ${notes.partner}` : '/page link -',
      ])
    },
  }),
]
