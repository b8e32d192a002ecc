// Fault: somebody sets the clock, forward over midnight and over a change of summer time, and back by hours and days, while
// events come. Nothing is lost or doubled, nothing hangs, rows lie on the days that the clock said, a day key that was
// destroyed has no successor, and no row lies in the future.

import { mkdtempSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { createRandom } from '../../collector/commands/demo_random.ts'
import { packageRoot } from '../../collector/config/package_root.ts'
import type { Product } from '../testing/product.ts'
import { waitUntil } from '../testing/wait_until.ts'
import { config, origin } from '../torture/batches.ts'
import { checkStopped } from '../torture/check_stopped.ts'
import { createStand, type Stand } from '../torture/stand.ts'
import { type TortureLoad, tortureLoad } from '../torture/torture_load.ts'
import { untilEqual } from '../torture/until_equal.ts'

vi.setConfig({ testTimeout: 120_000 })

const withinMs = 60_000
/** Enough of both sites. */
const batchesMin = 40
const zones: Record<string, string> = { shop: 'Europe/Bucharest', club: 'America/New_York' }

const clockDirectory = mkdtempSync(join(tmpdir(), 'lightfoot-clock-'))
const clockFile = join(clockDirectory, 'shift')
let shiftMs = 0
let step = 'start'
let stand: Stand
let product: Product
let load: TortureLoad

function setClock(instant: number): void {
  shiftMs = instant - Date.now()
  writeFileSync(`${clockFile}.tmp`, String(shiftMs))
  renameSync(`${clockFile}.tmp`, clockFile)
}

beforeAll(async () => {
  setClock(Date.parse('2027-03-25T12:00:00Z'))
  stand = await createStand({
    config: { sites: config.sites.map(site => ({ ...site, timezone: zones[site.id] })) },
    preloads: [join(packageRoot(), 'tools/faults/shifted_clock.mjs')],
    env: { SHIFTED_CLOCK: clockFile },
  })
  product = await stand.start()
  load = tortureLoad({
    url: stand.publicUrl,
    random: createRandom(1),
    betweenMs: 25,
    // Each row says during which step it was made.
    change: batch => ({ ...batch, pages: batch.pages.map(page => ({ ...page, url: `${origin}/${step}` })) }),
  })
})

afterAll(async () => {
  await load?.end()
  await product?.stop()
  stand?.remove()
  rmSync(clockDirectory, { recursive: true, force: true })
})

/** Sets the clock under load. What is on its way meanwhile may be of before or after. */
async function leap(name: string, instant: number): Promise<void> {
  step = 'leap'
  load.resume()
  await sleep(150)
  setClock(instant)
  await sleep(150)
  step = name
}

/** What was sent on both sides of the leap is there once, although a part of it is sent again. */
async function settle(loadMs = 0): Promise<void> {
  const before = load.batches()
  await sleep(loadMs)
  await waitUntil('events are taken', () => load.batches() > before + batchesMin)
  await Promise.race([load.pause(), load.refused])
  await load.repeat()
  const { differences } = await untilEqual(load.sums, { stand, withinMs, isRawOnly: true })
  expect(differences).toEqual([])
  // The lag goes by the wall clock too.
  await waitUntil('nothing lags', async () => (await readiness()).lagSeconds === 0)
}

async function readiness(): Promise<{ status: string; lagSeconds: number | null }> {
  const response = await fetch(`${stand.publicUrl}/readyz`)
  expect(response.status).toBe(200)
  return (await response.json()) as { status: string; lagSeconds: number | null }
}

async function ask(sql: string): Promise<Record<string, string>[]> {
  const [rows] = await stand.ask([sql])
  return rows ?? []
}

/** The days on which a step's rows lie, `site received day`. */
async function daysOf(name: string): Promise<string[]> {
  const rows = await ask(
    `select distinct site, received, day from events where path = '/${name}' order by site, received, day`,
  )
  return rows.map(({ site, received, day }) => `${site} ${received} ${day}`)
}

/** The ids that visitors without a grant have on a day; all of them come from one address. */
async function idsOf(day: string, name = '%'): Promise<string[]> {
  const rows = await ask(
    `select distinct visitor from events where site = 'shop' and day = '${day}' and path like '/${name}'`,
  )
  return rows.map(row => String(row.visitor))
}

function keyBytes(day: string): number {
  const file = join(stand.dataDirectory, 'keys/day/Europe~Bucharest', `${day}.key`)
  return statSync(file, { throwIfNoEntry: false })?.size ?? -1
}

async function noDayKeys(): Promise<number> {
  const text = await (await fetch(`${stand.adminUrl}/metrics`)).text()
  return Number(/lightfoot_notices_total\{notice="no_day_key"\} (\d+)/.exec(text)?.[1])
}

test('a day begins', async () => {
  load.resume()
  await settle()
  expect(await daysOf('start')).toEqual(['club 2027-03-25 2027-03-25', 'shop 2027-03-25 2027-03-25'])
  expect(await idsOf('2027-03-25')).toHaveLength(1)
  expect(keyBytes('2027-03-25')).toBe(32)
})

test('26 hours forward, over midnight: rows of the new day, the old key is destroyed', async () => {
  await leap('forward', Date.parse('2027-03-26T14:00:00Z'))
  // Keys are looked after once a minute, and at the start of an acceptor.
  product.kill('acceptor')
  await settle()
  expect(await daysOf('forward')).toEqual(['club 2027-03-26 2027-03-26', 'shop 2027-03-26 2027-03-26'])
  await waitUntil('the key of the day before is destroyed', () => keyBytes('2027-03-25') === 0)
  expect(keyBytes('2027-03-26')).toBe(32)
})

test('2 hours back: the same day, the same key, the same visitor', async () => {
  await leap('back', Date.parse('2027-03-26T12:00:00Z'))
  await settle()
  expect(await daysOf('back')).toEqual(['club 2027-03-26 2027-03-26', 'shop 2027-03-26 2027-03-26'])
  expect(await idsOf('2027-03-26')).toHaveLength(1)
})

test('over the change to summer time: the local hours are right on both sides', async () => {
  await leap('summer', Date.parse('2027-03-28T00:59:58.500Z'))
  await settle(2500)
  // In New York it is still Saturday.
  expect(await daysOf('summer')).toEqual(['club 2027-03-28 2027-03-27', 'shop 2027-03-28 2027-03-28'])
  const hours = await ask(
    `select distinct toString(hour) as hour from events where path = '/summer' and site = 'shop' order by hour`,
  )
  // 02:00 and then 04:00 in Bucharest.
  expect(hours.map(({ hour }) => hour)).toEqual(['2027-03-28 00:00:00', '2027-03-28 01:00:00'])
})

test('3 days back, to a day whose key was destroyed: no id, which is counted, and no second key', async () => {
  const before = await noDayKeys()
  await leap('returned', Date.parse('2027-03-25T13:00:00Z'))
  await settle()
  expect(await daysOf('returned')).toEqual(['club 2027-03-25 2027-03-25', 'shop 2027-03-25 2027-03-25'])
  expect(await idsOf('2027-03-25', 'returned')).toEqual(['0'])
  expect(keyBytes('2027-03-25')).toBe(0)
  await waitUntil('it is counted', async () => (await noDayKeys()) > before)
})

test('forward again, to just before midnight: segments and partitions roll with the UTC day', async () => {
  await leap('midnight', Date.parse('2027-03-28T23:59:58.500Z'))
  await settle(2500)
  expect(await daysOf('midnight')).toEqual([
    'club 2027-03-28 2027-03-28',
    'club 2027-03-29 2027-03-28',
    'shop 2027-03-28 2027-03-29',
    'shop 2027-03-29 2027-03-29',
  ])
})

test('no row lies in the future, and raw rows and rollups hold what was acknowledged', async () => {
  const [latest] = await ask(
    `select toUnixTimestamp(max(time)) * 1000 as time, max(received) as received, max(day) as day,
            max(expires) as expires from events`,
  )
  expect(Number(latest?.time)).toBeLessThanOrEqual(Date.now() + shiftMs)
  expect(latest).toMatchObject({ received: '2027-03-29', day: '2027-03-29', expires: '2027-06-26' })
  // Six days without the rests that the paced fold takes.
  const body = JSON.stringify({ from: '2027-03-24', to: '2027-03-30' })
  const headers = { 'content-type': 'application/json' }
  const folded = await fetch(`${stand.adminUrl}/api/fold`, { method: 'POST', headers, body })
  expect(await folded.text()).toContain('"finished":true')
  expect((await untilEqual(load.sums, { stand, withinMs })).differences).toEqual([])
  expect(product.output()).not.toMatch(/"level":50/)
  expect(await checkStopped(product, load)).toEqual([])
})
