// One scenario: what a visitor does, and what has to arrive of it in ClickHouse.

import type { Purpose } from '../../contract/purposes.ts'
import { waitUntil } from '../testing/wait_until.ts'
import type { Ability, BrowserName } from './browsers.ts'
import { click, type Driver, press } from './driver.ts'
import type { Site, SitePage } from './site.ts'

/** Their modes are their names; `platform` is exempt and has a consent platform. */
export type SiteId = 'exempt' | 'strict' | 'platform'

export type Scenario = {
  /** Also the name of its host: small letters and dashes. */
  readonly name: string
  /** Without it there is nothing to show in a browser. */
  readonly needs?: Ability
  /** Which of those configured; exempt unless said otherwise. */
  readonly site?: SiteId
  readonly file?: 'lightfoot.js' | 'lightfoot.core.js'
  /** More of them on the script element: `data-hash`. */
  readonly attributes?: string
  readonly pages?: Record<string, SitePage>
  /** The page's own exceptions, if it throws some. */
  readonly faults?: readonly string[]
  visit(visit: Visit): Promise<void>
  check(arrived: Arrived): void
}

export type Visit = {
  readonly driver: Driver
  readonly site: Site
  readonly host: string
  readonly browser: BrowserName
  readonly isCore: boolean
  can(ability: Ability): boolean
  /** As an address that is typed; until the page is shown. */
  open(path: string): Promise<void>
  click(selector: string, button?: number): Promise<void>
  press(text: string): Promise<void>
  /** The page tells: shown, restored (from the back/forward cache), prerendered, activated, hidden. */
  until(path: string, what: string): Promise<void>
  /** The address has this path and fragment, with no new document. */
  untilPath(path: string): Promise<void>
  /** What a banner calls. The core knows no grants: with it the visit goes on without one. */
  grant(...purposes: Purpose[]): Promise<void>
  /** Kept for `check`. */
  note(name: string, value: unknown): void
}

/** A row of `events`. */
export type Row = Readonly<Record<string, string | number>>

export type Arrived = {
  readonly browser: BrowserName
  readonly isCore: boolean
  readonly rows: readonly Row[]
  readonly notes: Readonly<Record<string, unknown>>
  can(ability: Ability): boolean
  /** `list('pageview', 'path', 'navigation') → ['/a navigate', '/b navigate']`, sorted; what is empty is `-`. */
  list(type: string, ...columns: string[]): string[]
  sum(type: string, path: string, column: string): number
}

/**
 * The same visit also with the core, for what both files promise. To the core nothing is known but what every browser tells,
 * and nothing is granted.
 */
export function withCore(scenario: Scenario): Scenario[] {
  const { name, site = 'exempt' } = scenario
  const file = 'lightfoot.core.js'
  return [scenario, { ...scenario, name: `${name}-core`, file, site: site === 'strict' ? 'exempt' : site }]
}

export const isOfCore = ({ file }: Scenario): boolean => file === 'lightfoot.core.js'

export type Visited = { notes: Record<string, unknown>; fault?: unknown }

export async function visit(
  browser: BrowserName,
  driver: Driver,
  site: Site,
  can: (ability: Ability) => boolean,
  scenario: Scenario,
): Promise<Visited> {
  const { name, site: id = 'exempt', file = 'lightfoot.js', attributes = '', pages = {} } = scenario
  const host = site.hostOf(name)
  const isCore = isOfCore(scenario)
  const mode = id === 'strict' ? 'strict' : 'exempt'
  const all = `data-local data-site=${id} data-mode=${mode} data-policy=1 ${attributes}`
  const snippet = `<script defer src="${site.scriptUrl(file)}" ${all}></script>`
  site.serve(host, { snippet, pages: { '*': {}, ...pages } })
  const notes: Record<string, unknown> = {}
  const until = (path: string, what: string) => site.untilTold(host, path, what)
  try {
    await scenario.visit({
      driver,
      site,
      host,
      browser,
      isCore,
      can,
      until,
      open: async address => {
        const { href, pathname } = new URL(address, `http://${host}`)
        await driver.open(href)
        await until(pathname, 'shown')
      },
      click: (selector, button) => click(driver, selector, button),
      press: text => press(driver, text),
      untilPath: path =>
        waitUntil(
          path,
          async () => (await driver.evaluate('location.pathname + location.hash')) === path,
          5_000,
        ),
      grant: async (...purposes) => {
        if (isCore) return
        const choice = JSON.stringify({ purposes, source: 'banner' })
        const level = await driver.evaluate(
          `lightfoot.consent.set(${choice}).then(status => status.level, String)`,
        )
        if (level !== 'granted') throw new Error(`the grant came to ${level}`)
      },
      note: (key, value) => {
        notes[key] = value
      },
    })
    // Leaves the last page, so that what it still holds is sent.
    await driver.open('about:blank')
    return { notes }
  } catch (fault) {
    await driver.open('about:blank').catch(() => undefined)
    return { notes, fault }
  }
}

export function arrivedOf(
  browser: BrowserName,
  scenario: Scenario,
  rows: readonly Row[],
  notes: Visited['notes'],
  can: Arrived['can'],
): Arrived {
  const ofType = (type: string) => rows.filter(row => row.type === type)
  return {
    browser,
    isCore: isOfCore(scenario),
    rows,
    notes,
    can,
    list: (type, ...columns) =>
      ofType(type)
        .map(row => columns.map(column => row[column] || '-').join(' '))
        .sort(),
    sum: (type, path, column) =>
      ofType(type)
        .filter(row => row.path === path)
        .reduce((total, row) => total + Number(row[column]), 0),
  }
}
