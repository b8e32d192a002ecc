// Up to which moment is everything acknowledged in the database? With a real writer, a real database and a clock by hand.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { spoolRecord } from '../../tools/testing/spool_records.ts'
import { packageRoot } from '../config/package_root.ts'
import { readBootId } from '../spool/boot_id.ts'
import { openSpoolWriter, type SpoolWriter } from '../spool/writer.ts'
import { migrate } from '../store/migrate.ts'
import { openStore } from '../store/open_store.ts'
import { type Store, StoreError } from '../store/store.ts'
import { createLoader, type Loader } from './loader.ts'

const folder = mkdtempSync(join(tmpdir(), 'lightfoot-loaded-until-'))
const day = new Date().toISOString().slice(0, 10)
const noon = Date.parse(`${day}T12:00:00Z`)
const rollMs = 60_000

let store: Store
let clock: number
let isAway: boolean
let runs = 0
let nextRecord = 0
let loader: Loader
let writers: SpoolWriter[]

beforeAll(async () => {
  store = await openStore({ dataDirectory: join(folder, 'data'), clickhouseUrl: undefined })
  await migrate(store, { directory: join(packageRoot(), 'migrations') })
})
afterAll(async () => {
  await store.close()
  rmSync(folder, { recursive: true, force: true })
})
beforeEach(async () => {
  clock = noon
  isAway = false
  const data = join(folder, String(++runs))
  writers = []
  for (const slot of [1, 2]) writers.push(await openWriter(join(data, 'spool'), slot))
  loader = createLoader({
    store: {
      ...store,
      insert: (...parts) =>
        isAway ? Promise.reject(new StoreError('unavailable', 'away', 0)) : store.insert(...parts),
    },
    spoolDirectory: join(data, 'spool'),
    loadsDirectory: join(data, 'loads'),
    rejectsDirectory: join(data, 'rejects'),
    now: () => clock,
    maxAgeMs: 2000,
    maxRows: 4,
    onLoaded: async () => {},
  })
})

function openWriter(directory: string, slot: number): Promise<SpoolWriter> {
  return openSpoolWriter({
    directory,
    slot,
    pid: process.pid,
    bootId: readBootId(),
    now: () => clock,
    rollMs,
  })
}

/** One record of two rows. */
async function append(slot: number): Promise<void> {
  await writers[slot - 1]?.append(spoolRecord(++nextRecord, { rowCount: 2 }))
}

/** Seconds since noon, after a tick at this second. */
async function tickAt(second: number): Promise<number | undefined> {
  clock = noon + second * 1000
  await loader.tick()
  const { loadedUntil } = loader.status()
  return loadedUntil === undefined ? undefined : (loadedUntil - noon) / 1000
}

test('it is now while nothing waits, stays while something is gathered, and is the reading once it is loaded', async () => {
  expect(loader.status().loadedUntil).toBe(undefined)
  expect(await tickAt(0)).toBe(0)
  expect(await tickAt(5)).toBe(5)
  await append(1)
  expect(await tickAt(6)).toBe(5)
  await append(2)
  expect(await tickAt(7)).toBe(5)
  expect(await tickAt(8)).toBe(8)
  expect(await tickAt(9)).toBe(9)
})

test('it stays while the database is away, and catches up', async () => {
  await append(1)
  expect(await tickAt(1)).toBe(undefined)
  isAway = true
  for (const second of [3, 10, 40]) expect(await tickAt(second)).toBe(undefined)
  isAway = false
  // The load that waited for the database is of what was read at second 3.
  expect(await tickAt(80)).toBe(3)
  expect(await tickAt(81)).toBe(81)
})

test('with a backlog of many loads it is when the oldest segment that is not loaded was begun', async () => {
  expect(await tickAt(0)).toBe(0)
  for (const second of [10, 80, 150]) {
    clock = noon + second * 1000
    for (let record = 0; record < 3; record++) await append(1)
    if (second > 10) await append(2)
  }
  await writers[0]?.close()
  const seen = new Set<number | undefined>()
  for (let second = 200; second < 212; second++) seen.add(await tickAt(second))
  expect([...seen].slice(0, 3)).toEqual([10, 80, 150])
  expect([...seen].at(-1)).toBe(211)
})

test('a clock that was set back takes it back too', async () => {
  expect(await tickAt(3600)).toBe(3600)
  expect(await tickAt(0)).toBe(0)
})
