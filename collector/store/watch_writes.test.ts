// A full disk under the real embedded engine, which says nothing of the writes that fail.

import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type SmallDisk, smallDisk } from '../../tools/testing/small_disk.ts'
import { openEmbeddedStore } from './embedded_store.ts'
import type { Store } from './store.ts'

const tried = await smallDisk(64)
const reason = typeof tried === 'string' ? ` (skipped: ${tried})` : ''
if (typeof tried !== 'string') tried.remove()

describe.skipIf(reason !== '')(`the embedded engine on a full disk${reason}`, () => {
  let disk: SmallDisk
  let store: Store

  beforeEach(async () => {
    const made = await smallDisk(64)
    if (typeof made === 'string') throw new Error(made)
    disk = made
    store = await open()
    await store.command('create table pets (id UInt64, name String) engine = MergeTree order by id')
  })
  afterEach(async () => {
    await store.close()
    disk.remove()
  })

  const open = (bytesMin?: number) =>
    openEmbeddedStore(join(disk.directory, 'database'), bytesMin === undefined ? {} : { bytesMin })

  async function reopen(bytesMin?: number): Promise<void> {
    await store.close()
    store = await open(bytesMin)
  }

  const rowsOf = (from: number, count: number) =>
    Buffer.from(
      Array.from({ length: count }, (_, row) => `${from + row}\t${Math.random()}${Math.random()}\n`).join(''),
    )
  const insert = (from: number, count = 1000) =>
    store.insert('pets', ['id', 'name'], rowsOf(from, count), `token-${from}`)
  const count = async () => (await store.query<{ n: string }>('select count() as n from pets'))[0]?.n

  it('is sound, and writes, while there is room', async () => {
    await insert(0)
    expect(await store.isSound()).toBe(true)
    expect(await count()).toBe('1000')
  })

  it('writes nothing where little is free, and is none the worse for it', async () => {
    await insert(0)
    disk.fill(8 * 1024 ** 2)
    await expect(insert(1000)).rejects.toMatchObject({ kind: 'unavailable' })
    for (const work of [store.command, store.work])
      await expect(work('create table more as pets')).rejects.toThrow('the disk of the database has no room')
    await expect(store.command('alter table pets add column age UInt8')).rejects.toThrow('no room')
    expect(await count()).toBe('1000')
    expect(await store.isSound()).toBe(true)
    // What frees room is done all the same.
    await store.command('alter table pets delete where id < 500')
    await store.command('truncate table pets')
    disk.empty()
    await reopen()
    await insert(2000)
    expect(await count()).toBe('1000')
  })

  it('inserts only what there is room for twice, and goes on with what is smaller', async () => {
    disk.fill(18 * 1024 ** 2)
    const rows = rowsOf(0, 30_000)
    expect(rows.length).toBeGreaterThan(1024 ** 2)
    await expect(store.insert('pets', ['id', 'name'], rows, 'large')).rejects.toThrow(
      'the disk of the database has no room',
    )
    expect(await count()).toBe('0')
    await insert(0)
    disk.fill(16 * 1024 ** 2 + 3 * rows.length)
    await store.insert('pets', ['id', 'name'], rows, 'large')
    expect(await count()).toBe('31000')
  })

  it('opens on a full disk', async () => {
    await insert(0)
    await store.close()
    disk.fill(0)
    store = await open()
    expect(await count()).toBe('1000')
    expect(await store.isSound()).toBe(true)
  })

  it('answers no more once a write has failed, though the engine says that all went well', async () => {
    await reopen(0)
    disk.fill(0)
    await expect(store.command('create table lost engine = Null as pets')).rejects.toThrow(
      'the embedded database could not write all of its files',
    )
    expect(await store.isSound()).toBe(false)
    disk.empty()
    for (const asked of [
      count(),
      store.read('select 1', {}, 'CSV'),
      insert(0),
      store.work('drop table lost'),
    ])
      await expect(asked).rejects.toMatchObject({ kind: 'unavailable' })
  })

  it('puts an insert aside whose files were cut, when it is opened again', async () => {
    // Two files of a page each for every column: ClickHouse reserves 1 MiB for the row, and it takes more than 2.
    const columns = Array.from({ length: 400 }, (_, column) => `c${column}`)
    const insertWide = (token: string) =>
      store.insert('wide', columns, Buffer.from(`${columns.map(() => '1').join('\t')}\n`), token)
    const countWide = async () => (await store.query<{ n: string }>('select count() as n from wide'))[0]?.n
    await reopen(0)
    await store.command(
      `create table wide (${columns.map(name => `${name} UInt8`).join(', ')}) engine = MergeTree order by c0
       settings min_bytes_for_wide_part = 0, non_replicated_deduplication_window = 100`,
    )
    await insertWide('whole')
    disk.fill(2 * 1024 ** 2)
    await expect(insertWide('cut')).rejects.toThrow('the embedded database could not write all of its files')
    expect(await store.isSound()).toBe(false)
    disk.empty()
    await reopen()
    expect(await countWide()).toBe('1')
    // Why a load that was lost is inserted under another token: the first one is remembered.
    await insertWide('cut')
    expect(await countWide()).toBe('1')
    await insertWide('cut again')
    expect(await countWide()).toBe('2')
    expect(await store.isSound()).toBe(true)
  })
})
