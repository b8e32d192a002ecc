// The machine goes down, and the database's own files come back older than the spool's: a disk that lies, a copy put back.
// With the real embedded engine, its files copied between loads and restored, and the real fold.

import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { dayFromToday, spoolRecord } from '../../tools/testing/spool_records.ts'
import { packageRoot } from '../config/package_root.ts'
import { createFolder, type Folder } from '../fold/folder.ts'
import { firstLoad } from '../pipeline/row_columns.ts'
import { encodeRecord } from '../spool/record_codec.ts'
import { encodeSegmentHeader, segmentName } from '../spool/segment.ts'
import { migrate } from '../store/migrate.ts'
import { openStore } from '../store/open_store.ts'
import type { Store } from '../store/store.ts'
import { createLoader, type Loader } from './loader.ts'

const today = dayFromToday(0)
const noon = Date.parse(`${today}T12:00:00Z`)
const minuteMs = 60_000

let data: string
let clock: number
let bootId: string
let store: Store
let loader: Loader
let folder: Folder
let notes: string[]

const within = (name: string) => join(data, name)

beforeEach(async () => {
  data = mkdtempSync(join(tmpdir(), 'lightfoot-power-loss-'))
  mkdirSync(within('spool'))
  clock = noon + minuteMs
  bootId = 'first boot'
  await start()
})
afterEach(async () => {
  await store.close()
  rmSync(data, { recursive: true, force: true })
})

/** As the engine does it. */
async function start(): Promise<void> {
  store = await openStore({ dataDirectory: data, clickhouseUrl: undefined })
  await migrate(store, { directory: join(packageRoot(), 'migrations') })
  const rollupsDirectory = join(packageRoot(), 'rollups')
  folder = createFolder({ store, directory: within('fold'), rollupsDirectory, now: () => clock })
  notes = []
  loader = createLoader({
    store,
    spoolDirectory: within('spool'),
    loadsDirectory: within('loads'),
    rejectsDirectory: within('rejects'),
    now: () => clock,
    bootId,
    maxAgeMs: 0,
    onLoaded: folder.markDirty,
    note: line => notes.push(line),
  })
  await loader.recover()
  await folder.recover()
}

async function restart(): Promise<void> {
  await store.close()
  await start()
}

/** The database's own files, and nothing else. */
async function copyDatabase(): Promise<void> {
  await store.close()
  cpSync(within('database'), within('copy'), { recursive: true })
  await start()
}

async function losePower({ isOlder = true } = {}): Promise<void> {
  await store.close()
  if (isOlder) {
    rmSync(within('database'), { recursive: true })
    cpSync(within('copy'), within('database'), { recursive: true })
  }
  bootId = 'second boot'
  await start()
}

type Written = { readonly createdMs: number; readonly slot: number; bytes: Buffer }

function newSegment(createdMs: number, slot = 1): Written {
  const header = {
    slot,
    pid: 4711,
    processStart: 1,
    bootId: '0f8fad5b-d9cb-469f-a165-70867728950e',
    createdMs,
  }
  return { createdMs, slot, bytes: encodeSegmentHeader(header) }
}

/** Appends batches of two events each. */
function write(segment: Written, numbers: readonly number[], { isSealed = false } = {}): void {
  const records = numbers.map(number => encodeRecord(spoolRecord(number, { rowCount: 2 })))
  segment.bytes = Buffer.concat([segment.bytes, ...records])
  const path = join(within('spool'), segmentName(segment.createdMs, segment.slot, 4711))
  writeFileSync(`${path}.${isSealed ? 'seg' : 'open'}`, segment.bytes)
  if (isSealed) rmSync(`${path}.open`, { force: true })
}

function writeSealed(createdMs: number, numbers: readonly number[], slot = 1): void {
  write(newSegment(createdMs, slot), numbers, { isSealed: true })
}

async function load(): Promise<void> {
  for (let quiet = 0; quiet < 3; clock += 1000) quiet = (await loader.tick()) ? 0 : quiet + 1
}

/** Which batches are there, whole and once. */
async function batches(): Promise<number[]> {
  const rows = await store.query<{ page: string; events: string }>(
    'select page, count() as events from events group by page order by page',
  )
  expect(rows.filter(({ events }) => events !== '2')).toEqual([])
  return rows.map(({ page }) => Number(page))
}

/** Page views that the rollups hold, once the days that are marked are folded. */
async function views(): Promise<number> {
  await folder.foldDirty()
  const [rollup] = await store.query<{ views: string }>('select sum(views) as views from rollup_pages')
  return Number(rollup?.views)
}

test('what was loaded since the copy is there again, once, where its segments are; the rest is counted and said', async () => {
  const live = newSegment(noon)
  writeSealed(noon - minuteMs, [1])
  await load()
  write(live, [2])
  await load()
  await copyDatabase()
  write(live, [3])
  await load()
  // One load of two segments, of which one is gone afterwards.
  writeSealed(noon - 1, [41], 2)
  write(live, [42, 43])
  await load()
  writeSealed(noon + 1, [5], 2)
  await load()
  write(live, [6])
  await load()
  expect(await batches()).toEqual([1, 2, 3, 5, 6, 41, 42, 43])
  expect(await views()).toBe(16)
  expect(loader.status().lastLoad).toBe(firstLoad + 5)
  expect(readdirSync(within('spool'))).toEqual([`${segmentName(noon, 1, 4711)}.open`])

  await losePower()
  await load()
  expect(await batches()).toEqual([1, 2, 3, 6, 42, 43])
  expect(loader.status()).toMatchObject({ voidLoads: 2, problem: undefined, quarantinedSegments: 0 })
  expect(notes).toEqual([expect.stringMatching(/: 2 loads .* again from the spool, 2 at most .* lost/)])

  // It is looked for once only, and what comes after goes on as ever; a repeat of a batch is known.
  await restart()
  write(live, [6, 7, 42])
  await load()
  expect(await batches()).toEqual([1, 2, 3, 6, 7, 42, 43])
  expect(await views()).toBe(14)
  expect(loader.status()).toMatchObject({ voidLoads: 0, duplicateBatches: 2 })
  expect(notes).toEqual([])
  write(live, [], { isSealed: true })
  await load()
  expect(readdirSync(within('spool'))).toEqual([])
})

test('a load in the middle whose bytes are damaged meanwhile: what can be read of it, and quarantine', async () => {
  const live = newSegment(noon)
  write(live, [1])
  await load()
  await copyDatabase()
  const from = live.bytes.length
  write(live, [2, 3, 4])
  await load()
  const to = live.bytes.length
  write(live, [5])
  await load()
  const middle = (from + to) >> 1
  live.bytes[middle] = (live.bytes[middle] ?? 0) ^ 0xff
  write(live, [])
  await losePower()
  await load()
  expect(await batches()).toEqual([1, 2, 4, 5])
  expect(loader.status()).toMatchObject({ voidLoads: 1 })
  expect(notes).toEqual([expect.stringMatching(/: 1 loads .* again from the spool, 1 at most/)])
  write(live, [6], { isSealed: true })
  await load()
  expect(await batches()).toEqual([1, 2, 4, 5, 6])
  expect(loader.status()).toMatchObject({ quarantinedSegments: 1 })
})

test('the database is gone for good: what the spool has is there, what it has not is counted', async () => {
  await copyDatabase()
  const live = newSegment(noon)
  write(live, [1])
  await load()
  writeSealed(noon + 1, [2], 2)
  await load()
  await losePower()
  await load()
  expect(await batches()).toEqual([1])
  expect(loader.status()).toMatchObject({ voidLoads: 1 })
})

test('loads of which not even a manifest is left are counted', async () => {
  writeSealed(noon, [1])
  await load()
  await copyDatabase()
  for (const number of [2, 3]) {
    writeSealed(noon + number, [number])
    await load()
  }
  for (const minutes of [11, 22]) {
    writeSealed(noon + minutes * minuteMs, [minutes])
    await load()
  }
  const manifests = readdirSync(within('loads')).filter(file => /^\d/.test(file))
  expect(manifests).toEqual([3, 4].map(number => `${firstLoad + number}.json`))
  await losePower()
  expect(await batches()).toEqual([1])
  expect(loader.status()).toMatchObject({ voidLoads: 4 })
  expect(notes).toEqual([expect.stringMatching(/: 0 loads .*, 4 at most/)])
})

test('rollups that came back older than the raw rows are folded again', async () => {
  const live = newSegment(noon)
  write(live, [1])
  await load()
  await copyDatabase()
  expect(await views()).toBe(2)
  await losePower()
  expect(await batches()).toEqual([1])
  expect(await views()).toBe(2)
})

test.each([
  ['nothing came back older', 0],
  [
    'the product was off for so long that the database knows no numbers of loads any more',
    8 * 24 * 3600 * 1000,
  ],
])('a start of the machine changes nothing and says nothing: %s', async (_, offMs) => {
  const live = newSegment(noon)
  writeSealed(noon - minuteMs, [1])
  await load()
  write(live, [2])
  await load()
  write(live, [], { isSealed: true })
  await load()
  if (offMs > 0) {
    await store.command('alter table events add column kept UInt64')
    await store.command('alter table events modify column load UInt64 ttl loaded - interval 1 day')
    await store.command('optimize table events final')
    expect(await store.query('select distinct load from events')).toEqual([{ load: '0' }])
  }
  clock += offMs
  await losePower({ isOlder: false })
  await load()
  expect(await batches()).toEqual([1, 2])
  expect(loader.status()).toMatchObject({ voidLoads: 0, loads: 0 })
  expect(notes).toEqual([])
})
