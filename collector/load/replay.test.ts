// Rows that a real database refuses, and takes once the cause is mended: each is there once, whatever happens in between.

import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest'
import { forgeSegment } from '../../tools/testing/forge_segment.ts'
import { dayFromToday, eventRow, spoolRecord } from '../../tools/testing/spool_records.ts'
import { packageRoot } from '../config/package_root.ts'
import { shardOf } from '../pipeline/batch_keys.ts'
import { firstLoad } from '../pipeline/row_columns.ts'
import { openSegment, readSlice } from '../spool/reader.ts'
import { migrate } from '../store/migrate.ts'
import { openStore } from '../store/open_store.ts'
import { type Store, StoreError } from '../store/store.ts'
import { createLoader } from './loader.ts'
import { readRejects, writeRejects } from './rejects.ts'
import { finishReplays, type ReplayOptions, type ReplayStep, replayRejects } from './replay.ts'

let store: Store
let data: string
const database = mkdtempSync(join(tmpdir(), 'lightfoot-replay-db-'))
const refusal = 'ClickHouse: VIOLATED_CONSTRAINT (code 469)'

beforeAll(async () => {
  store = await openStore({ dataDirectory: database, clickhouseUrl: undefined })
  await migrate(store, { directory: join(packageRoot(), 'migrations') })
})
afterAll(async () => {
  await store.close()
  rmSync(database, { recursive: true, force: true })
})
beforeEach(async () => {
  data = mkdtempSync(join(tmpdir(), 'lightfoot-replay-'))
  mkdirSync(within('spool'))
  await store.command('truncate table events')
  await refuse('status < 600')
})
afterEach(async () => {
  await mend()
  rmSync(data, { recursive: true, force: true })
})

const within = (name: string) => join(data, name)
const bad = (number: number) => spoolRecord(number, { values: { status: '700' } })
const hopeless = (number: number) => spoolRecord(number, { values: { day: 'secret-text' } })
const listed = (name: string) => readdirSync(within(name)).sort()

/** What a person would mend: the table does not take what it should. */
async function refuse(constraint: string): Promise<void> {
  await store.command(`alter table events add constraint mendable check ${constraint}`)
  await copyForChecks()
}

async function mend(): Promise<void> {
  await store.command('alter table events drop constraint if exists mendable')
  await copyForChecks()
}

async function copyForChecks(): Promise<void> {
  await store.command('drop table events_check')
  await store.command('create table events_check as events engine = Null')
}

async function load(): Promise<number> {
  const loader = createLoader({
    store,
    spoolDirectory: within('spool'),
    loadsDirectory: within('loads'),
    rejectsDirectory: within('rejects'),
    now: Date.now,
    maxAgeMs: 0,
    onLoaded: async () => {},
  })
  await loader.recover()
  for (let quiet = 0; quiet < 2; ) quiet = (await loader.tick()) ? 0 : quiet + 1
  return loader.status().lastLoad
}

const options = (lastLoad: number, change: Partial<ReplayOptions> = {}): ReplayOptions => ({
  store,
  spoolDirectory: within('spool'),
  rejectsDirectory: within('rejects'),
  lastLoad,
  now: Date.now,
  ...change,
})

async function stored(): Promise<{ rows: number; events: number }> {
  const [row] = await store.query<{ rows: string; events: string }>(
    'select count() as rows, uniqExact(site, page, seq) as events from events',
  )
  return { rows: Number(row?.rows), events: Number(row?.events) }
}

it('says that nothing was set aside', async () => {
  expect(await replayRejects(options(firstLoad))).toEqual([])
})

it('puts back what the database takes by now, and leaves the rest aside with its reason', async () => {
  forgeSegment(within('spool'), [spoolRecord(1), bad(2), hopeless(3), bad(4)])
  const lastLoad = await load()
  expect(await stored()).toEqual({ rows: 1, events: 1 })
  expect((await replayRejects(options(lastLoad)))[0]).toMatchObject({ rows: 0, refused: { [refusal]: 2 } })
  await mend()
  const [replayed] = await replayRejects(options(lastLoad))
  expect(replayed).toMatchObject({ load: firstLoad, state: 'asked', rows: 2 })
  expect(Object.entries(replayed?.refused ?? {})).toEqual([
    [expect.stringMatching(/^ClickHouse: \w+ \(code \d+\)$/), 1],
  ])
  expect(JSON.stringify(replayed)).not.toContain('secret-text')
  expect((await readRejects(within('rejects'), firstLoad))?.rejects.map(({ row }) => row)).toEqual([2])
  await load()
  expect(await stored()).toEqual({ rows: 3, events: 3 })
  expect(listed('spool')).toEqual([])
  const again = await replayRejects(options(lastLoad + 1))
  expect(again.map(({ rows }) => rows)).toEqual([0])
  await load()
  expect(await stored()).toEqual({ rows: 3, events: 3 })
})

it('replays the loads that are named, and none that is not complete', async () => {
  for (const number of [1, 2, 3]) {
    forgeSegment(within('spool'), [bad(number)])
    await load()
  }
  await mend()
  const loads = [firstLoad + 1, firstLoad + 2]
  const told = await replayRejects(options(firstLoad + 1, { loads }))
  expect(told.map(({ load, state, rows }) => [load, state, rows])).toEqual([
    [firstLoad + 1, 'asked', 1],
    [firstLoad + 2, 'loading', 0],
  ])
  expect(listed('rejects')).toEqual([`${firstLoad}.ndjson`, `${firstLoad + 2}.ndjson`])
})

it('makes records as the acceptors do: no load number, visitor and shard of the row, a name of their own', async () => {
  const visitor = String((1n << 63n) + 5n)
  const record = (number: number, values: Record<string, string>) =>
    spoolRecord(number, { values: { status: '700', ...values } })
  forgeSegment(within('spool'), [record(1, { visitor }), record(2, { visitor: '77' }), record(3, {})])
  const lastLoad = await load()
  await mend()
  await replayRejects(options(lastLoad))
  const [name = ''] = listed('spool')
  expect(name).toMatch(new RegExp(`^\\d{13}-0-${firstLoad}\\.seg$`))
  const handle = await openSegment(join(within('spool'), name))
  const { records } = await readSlice(handle!, 0, { isSealed: true })
  await handle?.close()
  expect(records.map(({ record: { subjectTag, shard } }) => [subjectTag, shard])).toEqual([
    [BigInt(visitor), shardOf('shop', visitor)],
    [0n, shardOf('shop', '77')],
    [0n, shardOf('shop', '3')],
  ])
  expect(records[2]?.record.rows.toString()).toBe(eventRow({ status: '700', page: '3' }))
  expect(new Set(records.map(({ record: { batchHash } }) => batchHash)).size).toBe(3)
})

it('counts rows once that are brought back from a backup of rejects/', async () => {
  forgeSegment(within('spool'), [bad(1), bad(2)])
  const lastLoad = await load()
  const file = join(within('rejects'), `${firstLoad}.ndjson`)
  const backup = readFileSync(file)
  await mend()
  for (const _ of [1, 2]) {
    writeFileSync(file, backup)
    await replayRejects(options(lastLoad))
    await load()
  }
  expect(await stored()).toEqual({ rows: 2, events: 2 })
})

it.each([
  ['asked', 1, 0],
  ['staged', 1, 0],
  ['committed', 0, 2],
  ['spooled', 0, 2],
] as const)('stopped at %s: nothing is lost and nothing doubled', async (step, files, rows) => {
  forgeSegment(within('spool'), [bad(1), bad(2)])
  const lastLoad = await load()
  await mend()
  const stop = (reached: ReplayStep) => {
    if (reached === step) throw new Error('stopped')
  }
  await expect(replayRejects(options(lastLoad, { onStep: stop }))).rejects.toThrow('stopped')
  // A loader that runs before anything is put in order reads no file that is only staged.
  await load()
  await finishReplays(within('spool'), within('rejects'))
  await load()
  expect(listed('rejects')).toHaveLength(files)
  expect(await stored()).toEqual({ rows, events: rows })
  await replayRejects(options(lastLoad))
  await load()
  expect(listed('rejects')).toEqual([])
  expect(listed('spool')).toEqual([])
  expect(await stored()).toEqual({ rows: 2, events: 2 })
})

it('throws a half-written segment away', async () => {
  writeFileSync(join(within('spool'), `1700000000000-0-${firstLoad}.0000abcd.replay.tmp`), 'half')
  await finishReplays(within('spool'), within('rejects'))
  expect(listed('spool')).toEqual([])
})

it('waits for a database that is away', async () => {
  forgeSegment(within('spool'), [bad(1)])
  const lastLoad = await load()
  const away = () => Promise.reject(new StoreError('unavailable', 'the database did not answer', 0))
  await expect(replayRejects(options(lastLoad, { store: { ...store, insert: away } }))).rejects.toThrow(
    StoreError,
  )
  expect(listed('rejects')).toEqual([`${firstLoad}.ndjson`])
  expect(listed('spool')).toEqual([])
})

it.each([
  ['cut', (text: string) => text.slice(0, -20)],
  ['of another load', (text: string) => text.replace(String(firstLoad), String(firstLoad + 7))],
  ['without a line', (text: string) => `${text.split('\n').slice(0, -2).join('\n')}\n`],
  ['with a row of two lines', (text: string) => text.replace(/"bytes":"[^"]+"/, '"bytes":"YQpiCg=="')],
  ['not JSON', () => 'nothing\n'],
])('leaves a damaged file alone: %s', async (_, damage) => {
  forgeSegment(within('spool'), [bad(1), bad(2)])
  const lastLoad = await load()
  await mend()
  const file = join(within('rejects'), `${firstLoad}.ndjson`)
  writeFileSync(file, damage(readFileSync(file, 'utf8')))
  const before = readFileSync(file, 'utf8')
  expect(await replayRejects(options(lastLoad))).toMatchObject([{ state: 'unreadable', rows: 0 }])
  expect(readFileSync(file, 'utf8')).toBe(before)
  expect(listed('spool')).toEqual([])
})

it('sets a row aside once, though a crash has it set aside twice', async () => {
  const load = { load: firstLoad, received: dayFromToday(0), rowVersion: 1 }
  const reject = (row: number) => ({ row, reason: `reason ${row}`, bytes: 'eAo=' })
  await writeRejects(within('rejects'), load, [reject(4)], { isMore: false })
  for (const _ of [1, 2])
    await writeRejects(within('rejects'), load, [reject(9), reject(2)], { isMore: true })
  expect((await readRejects(within('rejects'), firstLoad))?.rejects.map(({ row }) => row)).toEqual([2, 4, 9])
})
