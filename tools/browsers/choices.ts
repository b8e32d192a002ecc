// The states of consent: what arrives in each, and what the browser then holds.

import { setTimeout as sleep } from 'node:timers/promises'
import { expect } from 'vitest'
import type { Scenario, Visit } from './visit.ts'

const body = '<button data-lf=save>save</button>'
const pages = { '*': { body } }

/** Every kind of storage that a page can write. */
const kept = `(async () => ({
  local: Object.keys(localStorage),
  session: Object.keys(sessionStorage),
  databases: indexedDB.databases ? (await indexedDB.databases()).map(({ name }) => name) : [],
  caches: await caches.keys(),
  cookie: document.cookie,
}))()`
const nothing = { local: [], session: [], databases: [], caches: [], cookie: '' }

/** Longer than events are gathered in a page. */
const gatheredMs = 1300

async function use({ open, click, driver, note }: Visit, path: string): Promise<void> {
  await open(path)
  await click('button')
  await sleep(gatheredMs)
  note('kept', await driver.evaluate(kept))
}

export const choices: readonly Scenario[] = [
  {
    name: 'unknown-strict',
    mode: 'strict',
    pages,
    visit: visit => use(visit, '/a'),
    check({ rows, notes }) {
      expect(rows).toEqual([])
      expect(notes.kept).toEqual(nothing)
    },
  },
  {
    name: 'exempt',
    pages,
    visit: visit => use(visit, '/a'),
    check({ rows, list, notes }) {
      expect(list('pageview', 'path', 'consent', 'title')).toEqual(['/a exempt -'])
      expect(new Set(rows.map(row => row.consent))).toEqual(new Set(['exempt']))
      expect(notes.kept).toEqual(nothing)
    },
  },
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
    name: 'denied',
    mode: 'strict',
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
  {
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
  },
]
