// The product as it is built, visited by real browsers side by side; what arrived is then read from ClickHouse's raw rows,
// with the product stopped. `npm run test:browsers`

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { askRows } from '../testing/ask_database.ts'
import { type Product, startProduct } from '../testing/product.ts'
import { waitUntil } from '../testing/wait_until.ts'
import { arrivals } from './arrivals.ts'
import { type Ability, abilities, type Browser, browsers, findBrowser, installWith } from './browsers.ts'
import { choices } from './choices.ts'
import { deliveries } from './deliveries.ts'
import { departures } from './departures.ts'
import { hostilePages } from './hostile_pages.ts'
import { pageFaultsAndTimes } from './page_faults_and_times.ts'
import { platformMap, refusals } from './refusals.ts'
import { signals } from './signals.ts'
import { openSite, type Site } from './site.ts'
import { snippets } from './snippets.ts'
import { timeAndScroll } from './time_and_scroll.ts'
import { arrivedOf, isOfCore, type Row, type Scenario, type Visited, visit } from './visit.ts'

/** `LIGHTFOOT_SCENARIOS=bfcache` visits only those with such a name. */
const named = new RegExp(process.env.LIGHTFOOT_SCENARIOS ?? '')
const scenarios = [
  ...arrivals,
  ...departures,
  ...signals,
  ...timeAndScroll,
  ...pageFaultsAndTimes,
  ...snippets,
  ...choices,
  ...refusals,
  ...deliveries,
  ...hostilePages,
].filter(({ name }) => named.test(name))
/** Once a batch of this one has come, the beacons of those before are not under way any more: the browser may end. */
const farewell: Scenario = {
  name: 'farewell',
  async visit({ open, site, host }) {
    await open('/last')
    await waitUntil('the last batch', () => site.passed(host) > 0)
  },
  check: () => {},
}
/** A machine without a browser tests with the others, and says so; where all have to be there, it fails. */
const areAllNeeded = process.env.CI === 'true' || process.env.LIGHTFOOT_BROWSERS === 'all'

type Result = {
  can: ReadonlySet<Ability>
  visited: Map<string, Visited>
  site: Site
  startFault?: unknown
}

const results = new Map<string, Result>()
let folder = ''
let rows: Row[] = []

beforeAll(async () => {
  const present = browsers.filter(browser => findBrowser(browser))
  if (present.length === 0) return
  folder = mkdtempSync(join(tmpdir(), 'lightfoot-browsers-'))
  const sites = new Map<Browser, Site>()
  for (const browser of present) sites.set(browser, await openSite(browser.name))
  const origins = [...sites.values()].map(site => site.origins)
  const configured = [
    { id: 'exempt', origins, mode: 'exempt', policy: 1 },
    { id: 'strict', origins, mode: 'strict', policy: 1 },
    { id: 'platform', origins, mode: 'exempt', policy: 1, tcf: platformMap },
  ]
  const config = { controller: { name: 'Test', contact: 'test@example.com' }, sites: configured }
  const product = await startProduct({ config, folder })
  try {
    await Promise.all(
      [...sites].map(async ([browser, site]) => {
        site.connect(product.publicUrl)
        results.set(browser.name, await visitAll(browser, site))
      }),
    )
    await untilLoaded(product)
  } finally {
    await product.stop()
    for (const site of sites.values()) await site.close()
  }
  rows = await askRows<Row>(join(folder, 'data'), 'select * from events')
}, 240_000)

afterAll(() => {
  if (folder !== '') rmSync(folder, { recursive: true, force: true })
})

/** Nothing waits in the spool any more, asked twice, since what browsers sent may still be on its way. */
async function untilLoaded({ adminUrl }: Product): Promise<void> {
  let quiet = 0
  await waitUntil('all is loaded', async () => {
    const status = (await (await fetch(`${adminUrl}/api/status`)).json()) as {
      spool: { bytes: number }
      load: { state: string } | null
    }
    quiet = status.spool.bytes === 0 && status.load?.state === 'idle' ? quiet + 1 : 0
    return quiet > 2
  })
}

async function visitAll(browser: Browser, site: Site): Promise<Result> {
  const visited = new Map<string, Visited>()
  const can = new Set<Ability>()
  try {
    const driver = await browser.start(findBrowser(browser) ?? [])
    try {
      for (const [ability, question] of Object.entries(abilities)) {
        if (await driver.evaluate(question)) can.add(ability as Ability)
      }
      for (const scenario of scenarios.filter(({ needs }) => needs === undefined || can.has(needs))) {
        const done = await visit(browser.name, driver, site, canIn(scenario, can), scenario)
        visited.set(scenario.name, done)
      }
      await visit(browser.name, driver, site, canIn(farewell, can), farewell)
      console.info(`${driver.version}: ${[...can].join(', ') || 'nothing more than all have'}`)
      return { can, visited, site }
    } finally {
      await driver.stop()
    }
  } catch (startFault) {
    return { can, visited, site, startFault }
  }
}

/** What browser and script file can do together: the core does only what every browser can, and counts prerendered pages. */
const canIn = (scenario: Scenario, can: ReadonlySet<Ability>) => (ability: Ability) =>
  can.has(ability) && (!isOfCore(scenario) || ability === 'prerender')

describe.each(browsers)('$name', browser => {
  const isHere = findBrowser(browser) !== undefined
  const resultOf = () => results.get(browser.name) as Result

  test.skipIf(!isHere && !areAllNeeded)(isHere ? 'is here' : `is missing: ${installWith(browser)}`, () => {
    expect(isHere, installWith(browser)).toBe(true)
    const { can, startFault } = resultOf()
    if (startFault !== undefined) throw startFault
    expect([...can]).toEqual(expect.arrayContaining([...browser.allows]))
  })

  test.skipIf(!isHere).for(scenarios)('$name', (scenario, context) => {
    const { visited, can, site } = resultOf()
    context.skip(
      scenario.needs !== undefined && !can.has(scenario.needs),
      `${browser.name} has no ${scenario.needs}`,
    )
    check(scenario, visited, can, site)
  })

  function check(scenario: Scenario, visited: Result['visited'], can: Result['can'], site: Site): void {
    const done = visited.get(scenario.name)
    if (done?.fault !== undefined || done === undefined) throw done?.fault ?? new Error('it was not visited')
    const host = site.hostOf(scenario.name)
    const ownFaults = scenario.faults ?? []
    const faults = site.told.filter(
      ({ host: of, what }) =>
        of === host && what.startsWith('fault') && !ownFaults.some(own => what.includes(own)),
    )
    expect(faults).toEqual([])
    const own = rows.filter(row => row.host === host)
    scenario.check(arrivedOf(browser.name, scenario, own, done.notes, canIn(scenario, can)))
  }
})
