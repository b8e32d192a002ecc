// The states of consent: what arrives in each, and what the browser then holds.

import { expect } from 'vitest'
import { allPurposes, purposeNames } from '../../contract/purposes.ts'
import { kept, noIdentity, nothing } from './kept.ts'
import { type Scenario, type Visit, withCore } from './visit.ts'

const body = '<button data-lf=save>save</button>'
const pages = { '*': { body } }

/** What it has to tell, if anything, leaves with the page. */
async function use({ open, click, driver, note }: Visit, path: string): Promise<void> {
  await open(path)
  await click('button')
  note('kept', await driver.evaluate(kept))
}

export const choices: readonly Scenario[] = [
  {
    name: 'unknown-strict',
    site: 'strict',
    pages,
    visit: visit => use(visit, '/a'),
    check({ rows, notes }) {
      expect(rows).toEqual([])
      expect(notes.kept).toEqual(nothing)
    },
  },
  ...withCore({
    name: 'exempt',
    pages,
    visit: visit => use(visit, '/a'),
    check({ rows, list, notes }) {
      expect(list('pageview', 'path', 'consent', 'title')).toEqual(['/a exempt -'])
      expect(new Set(rows.map(row => row.consent))).toEqual(new Set(['exempt']))
      expect(new Set(rows.map(row => row.identity))).toEqual(new Set([noIdentity]))
      expect(notes.kept).toEqual(nothing)
    },
  }),
  {
    name: 'granted',
    pages,
    async visit(visit) {
      await use(visit, '/a')
      await visit.grant('statistics', 'behaviour')
      await use(visit, '/b')
    },
    check({ rows, list, notes }) {
      expect(list('pageview', 'path', 'navigation', 'consent')).toEqual([
        '/a consent granted',
        '/a navigate exempt',
        '/b navigate granted',
      ])
      // Nothing from before the choice is told again.
      expect(list('click', 'path', 'consent', 'target')).toEqual(['/a exempt -', '/b granted save'])
      const pagesOf = (level: string) => rows.filter(row => row.consent === level).map(row => row.page)
      for (const page of pagesOf('exempt')) expect(pagesOf('granted')).not.toContain(page)
      expect(notes.kept).toEqual({ ...nothing, local: ['lightfoot'] })
    },
  },
  {
    name: 'granted-statistics-only',
    site: 'strict',
    pages,
    async visit(visit) {
      await visit.open('/start')
      await visit.grant('statistics')
      await use(visit, '/a?utm_source=letter')
    },
    check({ list, rows }) {
      const own = rows.filter(row => row.path === '/a')
      expect(list('pageview', 'path', 'title', 'campaign_source')).toContain('/a Page /a -')
      for (const row of own) expect(['pageview', 'engagement', 'exit']).toContain(row.type)
      for (const row of own) expect([row.identity, row.scroll_to]).toEqual([noIdentity, 0])
    },
  },
  {
    name: 'granted-all',
    site: 'strict',
    pages: { '*': { body: `${body} <a href="tel:+40722123456">call</a>` } },
    async visit(visit) {
      await visit.open('/start')
      await visit.grant(...purposeNames)
      await visit.open('/a?utm_source=letter&utm_campaign=spring&gclid=abc')
      await visit.click('a')
      await use(visit, '/b')
    },
    check({ list, rows, notes }) {
      expect(list('pageview', 'path', 'campaign_source', 'campaign_name', 'click_id')).toEqual([
        '/a letter spring gclid=abc',
        '/b - - -',
        '/start - - -',
      ])
      expect(list('click', 'path', 'kind', 'target', 'dialled')).toEqual([
        '/a tel - +40722123456',
        '/b button save -',
      ])
      expect(new Set(rows.map(row => row.purposes))).toEqual(new Set([allPurposes]))
      const [identity, ...others] = new Set(rows.map(row => row.identity))
      expect(others).toEqual([])
      expect(identity).not.toBe(noIdentity)
      expect(notes.kept).toEqual({ ...nothing, local: ['lightfoot'] })
    },
  },
  {
    name: 'denied',
    site: 'strict',
    pages,
    async visit(visit) {
      await visit.open('/start')
      await visit.grant('statistics', 'behaviour')
      await visit.driver.evaluate('lightfoot.consent.withdraw()')
      await visit.click('button')
      await use(visit, '/a')
    },
    check({ list, rows, notes }) {
      expect(list('click')).toEqual([])
      expect(rows.filter(row => row.path === '/a')).toEqual([])
      expect(notes.kept).toEqual(nothing)
    },
  },
  ...withCore({
    name: 'objected',
    pages,
    async visit(visit) {
      await visit.open('/start')
      await visit.driver.evaluate('lightfoot.consent.object()')
      await visit.click('button')
      await use(visit, '/a')
    },
    check({ list, rows, notes }) {
      expect(list('click')).toEqual([])
      expect(rows.filter(row => row.path === '/a')).toEqual([])
      expect(notes.kept).toEqual({ ...nothing, cookie: 'lightfoot_off=1' })
    },
  }),
]
