// One suite for every kind of store: embedded, a server over HTTP, and a real server where there is one.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { serverTimezone } from '../../tools/testing/chdb.ts'
import {
  type ClickhouseHttpServer,
  startClickhouseHttpServer,
} from '../../tools/testing/clickhouse_http_server.ts'
import { testCertificate } from '../../tools/testing/test_certificate.ts'
import { columnsByRowVersion, firstLoad } from '../pipeline/row_columns.ts'
import { insertSettings } from './insert_settings.ts'
import { migrate } from './migrate.ts'
import { openStore, type StoreSettings } from './open_store.ts'
import type { Store } from './store.ts'

const migrations = join(import.meta.dirname, '../../migrations')
const realUrl = process.env.LIGHTFOOT_TEST_CLICKHOUSE_URL

let server: ClickhouseHttpServer
let realServer: Store | undefined
const scratchDatabase = `lightfoot_test_${process.pid}`
const stores: Partial<Record<string, Store>> = {}
const directory = mkdtempSync(join(tmpdir(), 'lightfoot-store-'))

const kinds = ['embedded', 'server', ...(realUrl === undefined ? [] : ['real server'])]

beforeAll(async () => {
  server = await startClickhouseHttpServer(join(directory, 'server'))
  stores.embedded = await openStore({ dataDirectory: directory, clickhouseUrl: undefined })
  stores.server = await openStore({ dataDirectory: directory, clickhouseUrl: server.url })
  if (realUrl !== undefined) {
    // A database of the test's own: nothing that is there already is touched.
    realServer = await openStore({ dataDirectory: directory, clickhouseUrl: realUrl })
    await realServer.command(`create database ${scratchDatabase}`)
    const url = new URL(realUrl)
    url.pathname = `/${scratchDatabase}`
    stores['real server'] = await openStore({ dataDirectory: directory, clickhouseUrl: url.href })
  }
})

afterAll(async () => {
  for (const store of Object.values(stores)) await store?.close()
  await realServer?.command(`drop database ${scratchDatabase}`)
  await realServer?.close()
  await server.close()
  rmSync(directory, { recursive: true, force: true })
})

describe.each(kinds)('store: %s', kind => {
  const store = () => stores[kind]!

  beforeAll(async () => {
    await store().command('drop table if exists pets')
    await store().command(`create table pets (id UInt32, name String, born Date) engine = MergeTree order by id
                           settings non_replicated_deduplication_window = 100`)
  })

  const count = async () =>
    Number((await store().query<{ n: string }>('select count() as n from pets'))[0]?.n)
  const insert = (rows: string, token: string) =>
    store().insert('pets', ['id', 'name', 'born'], Buffer.from(rows), token)
  const empty = () => store().command('truncate table pets')

  it('says what it is', () => {
    expect(store().kind).toBe(kind === 'embedded' ? 'embedded' : 'server')
  })

  const bound: [string, string, unknown][] = [
    ['String', `quote ' double " backslash \\ tab \t newline \n end`, undefined],
    ['String', '\\N', undefined],
    ['String', "'); drop table pets; --", undefined],
    ['String', 'Ünïcode ✓ 𝒳', undefined],
    ['String', '', undefined],
    ['Date', '2026-02-28', undefined],
    ['UInt32', 4_294_967_295 as never, 4_294_967_295],
    ['Array(String)', ["it's", 'tab\t', 'back\\slash', ''] as never, undefined],
    ['Array(UInt16)', [1, 65_535] as never, undefined],
  ]
  it.each(bound)('binds %s %j in work, too', async (type, value, wanted) => {
    await store().command('drop table if exists bound')
    await store().command(`create table bound (value ${type}) engine = MergeTree order by tuple()`)
    await store().work(`insert into bound select {value:${type}}`, { value })
    expect(await store().query('select value from bound')).toEqual([{ value: wanted ?? value }])
  })

  // The server that tests bring along is one chDB behind HTTP, and that takes one statement after the other.
  it.skipIf(kind === 'server')('answers questions while it works', async () => {
    let isWorking = true
    const work = store()
      .work('create table slow engine = Memory as select sleep(3)')
      .then(() => {
        isWorking = false
      })
    expect(await store().query('select {n:UInt32} as n', { n: 7 })).toEqual([{ n: 7 }])
    expect(isWorking).toBe(true)
    await work
    await store().command('drop table slow')
  })

  it.each(bound)('binds %s %j', async (type, value, wanted) => {
    const rows = await store().query<{ v: unknown }>(`select {v:${type}} as v`, { v: value })
    expect(rows).toEqual([{ v: wanted ?? value }])
  })

  it('binds a parameter that the statement does not use, and a last semicolon ends nothing', async () => {
    expect(await store().query('select {a:UInt8} as a;\n', { a: 1, unused: 'x' })).toEqual([{ a: 1 }])
  })

  it('gives 64-bit integers as strings', async () => {
    expect(await store().query('select toUInt64(18446744073709551615) as n')).toEqual([
      { n: '18446744073709551615' },
    ])
  })

  it.each([
    ['CSVWithNames', '"n"\n0\n1\n'],
    ['JSONEachRow', '{"n":0}\n{"n":1}\n'],
    ['TabSeparated', '0\n1\n'],
  ])('reads %s', async (format, wanted) => {
    const body = await store().read(
      'select number::UInt8 as n from numbers({n:UInt8}) -- comment',
      { n: 2 },
      format,
    )
    expect(body.toString()).toBe(wanted)
  })

  it('reads Parquet', async () => {
    const body = await store().read('select 1 as n', {}, 'Parquet')
    expect(body.subarray(0, 4).toString()).toBe('PAR1')
  })

  it('takes nothing but the name of a format', async () => {
    await expect(store().read('select 1', {}, 'CSV; drop table pets')).rejects.toThrow(/name of a format/)
  })

  it('inserts escaped text byte for byte', async () => {
    await empty()
    await insert('1\ta\\tb\\nc\\\\ \u2713\t2026-01-01\n2\t\t2026-01-02\n', 'bytes')
    expect(await store().query('select id, name, born::String as born from pets order by id')).toEqual([
      { id: 1, name: 'a\tb\nc\\ ✓', born: '2026-01-01' },
      { id: 2, name: '', born: '2026-01-02' },
    ])
  })

  it('inserts a large load as one part', async () => {
    await empty()
    const rows = Array.from({ length: 60_000 }, (_, id) => `${id}\tname of ${id}\t2026-01-01\n`).join('')
    await insert(rows, 'large')
    expect(await count()).toBe(60_000)
    const parts = `select count() as n from system.parts where table = 'pets' and active and database = currentDatabase()`
    expect(await store().query(parts)).toEqual([{ n: '1' }])
  })

  it('counts a repeated token once, and another token again', async () => {
    await empty()
    await insert('1\ta\t2026-01-01\n', 'repeat-1')
    await insert('1\ta\t2026-01-01\n', 'repeat-1')
    expect(await count()).toBe(1)
    await insert('1\ta\t2026-01-01\n', 'repeat-2')
    expect(await count()).toBe(2)
  })

  it('takes nothing of an insert with one bad row', async () => {
    await empty()
    await expect(
      insert('1\ta\t2026-01-01\nsecret@example.com\tb\t2026-01-01\n', 'bad'),
    ).rejects.toMatchObject({
      name: 'StoreError',
      kind: 'refused',
      clickhouseCode: 27,
    })
    expect(await count()).toBe(0)
    await insert('1\ta\t2026-01-01\n', 'bad')
    expect(await count()).toBe(1)
  })

  it('never quotes a refused row, not in the message, not in the cause', async () => {
    const error = await insert('secret@example.com\tb\t2026-01-01\n', 'quoting').catch(thrown => thrown)
    expect(error.message).toMatch(/^ClickHouse: CANNOT_PARSE\w+ \(code 27\)$/)
    expect(error.cause).toBeUndefined()
  })

  it('does nothing for an empty insert', async () => {
    await empty()
    await insert('', 'nothing')
    await insert('1\ta\t2026-01-01\n', 'nothing')
    expect(await count()).toBe(1)
  })

  it('lets no setting of an insert leak into later statements', async () => {
    await insert('7\ta\t2026-01-01\n', 'leak')
    const names = Object.keys(insertSettings('x'))
    const changed = `select name from system.settings where changed and has({names:Array(String)}, name)`
    expect(await store().query(changed, { names })).toEqual([])
  })

  it.each([
    ['a syntax error', 'selec 1', 62, 'refused'],
    ['an unknown column', 'select nope from pets', 47, 'refused'],
    ['an unknown table: not migrated yet', 'select 1 from nowhere', 60, 'unavailable'],
    ['a parameter of the wrong type', 'select {v:UInt8} as v', 457, 'refused'],
  ])('maps %s', async (_name, sql, clickhouseCode, wanted) => {
    await expect(store().query(sql, { v: 'x' })).rejects.toMatchObject({
      name: 'StoreError',
      kind: wanted,
      clickhouseCode,
    })
    await expect(store().command(sql, { v: 'x' })).rejects.toMatchObject({ kind: wanted })
    await expect(store().read(sql, { v: 'x' }, 'CSV')).rejects.toMatchObject({ kind: wanted })
  })

  it('answers several statements at once', async () => {
    const answers = await Promise.all(
      [1, 2, 3, 4].map(n => store().query('select {n:UInt8} as n, sleep(0.01) as s', { n })),
    )
    expect(answers.map(rows => (rows[0] as { n: number }).n)).toEqual([1, 2, 3, 4])
  })

  it('holds the raw events as spooled, whole or not at all', async () => {
    await store().command('drop table if exists migrations')
    await store().command('drop table if exists events')
    await migrate(store(), { directory: migrations })
    const columns = columnsByRowVersion.get(1)!
    const columnsOf = (table: string) =>
      store().query<{ name: string; type: string }>(
        `select name, type, default_expression from system.columns
         where database = currentDatabase() and table = {table:String} order by position`,
        { table },
      )
    const all = await columnsOf('events')
    expect(await columnsOf('events_check')).toEqual(all)
    // `loaded` is the database's own.
    const described = all.filter(({ name }) => name !== 'loaded')
    expect(described.map(column => column.name)).toEqual([...columns])
    const today = new Date().toISOString().slice(0, 10)
    const textOf = ({ name, type }: { name: string; type: string }): string => {
      if (name === 'load') return String(firstLoad)
      if (name === 'expires') return '2099-01-01'
      if (name === 'visitor' || name === 'page') return '18446744073709551615'
      if (name === 'time') return `${today} 10:11:12.345`
      if (type.startsWith('DateTime')) return `${today} 10:00:00`
      if (type === 'Date') return today
      if (type === 'UUID') return '00000000-0000-0000-0000-000000000000'
      return type.includes('String') ? name : '1'
    }
    const row = Buffer.from(`${described.map(textOf).join('\t')}\n`)
    await store().insert('events_check', columns, row, `load-${firstLoad}`)
    await store().insert('events', columns, row, `load-${firstLoad}`)
    await store().insert('events', columns, row, `load-${firstLoad}`)
    const stored = `select load, page, visitor, formatDateTime(time, '%F %T', 'UTC') as time, hour::String as hour, target_path
                    from events where load = {load:UInt64}`
    const wanted = { load: String(firstLoad), page: '18446744073709551615', visitor: '18446744073709551615' }
    expect(await store().query(stored, { load: firstLoad })).toEqual([
      { ...wanted, time: `${today} 10:11:12`, hour: `${today} 10:00:00`, target_path: 'target_path' },
    ])
    const short = Buffer.from(`${today}\n`)
    await expect(store().insert('events_check', columns, short, 'load-43')).rejects.toMatchObject({
      kind: 'refused',
    })
  })
})

it('keeps the embedded engine from remembering more than it needs', async () => {
  const [found] = await stores.embedded!.query<Record<string, string>>(
    `select sum(toUInt64(value)) as bytes from system.server_settings
     where name in ('mark_cache_size', 'compiled_expression_cache_size', 'query_condition_cache_size')`,
  )
  expect(found?.bytes).toBe(String(88 * 1024 ** 2))
})

describe('store: a server that fails', () => {
  const rows = Buffer.from('1\ta\t2026-01-01\n')
  const insert = () => stores.server!.insert('pets', ['id', 'name', 'born'], rows, 'fault')
  const count = () => stores.server!.query('select count() as n from pets')

  it.each(['unavailable', 'cut', 'fail_after', 'cut_after'] as const)(
    'counts once after: %s',
    async fault => {
      await stores.server!.command('truncate table pets')
      server.failNextInsert(fault)
      await expect(insert()).rejects.toMatchObject({ kind: 'unavailable' })
      await insert()
      expect(await count()).toEqual([{ n: '1' }])
    },
  )

  it.each(['silent', 'silent_after'] as const)('counts once after: %s', async fault => {
    await stores.server!.command('truncate table pets')
    const hasty = await openStore({
      dataDirectory: directory,
      clickhouseUrl: server.url,
      clickhouseTimeoutMs: 300,
    })
    server.failNextInsert(fault)
    const columns = ['id', 'name', 'born']
    await expect(hasty.insert('pets', columns, rows, 'fault')).rejects.toMatchObject({ kind: 'unavailable' })
    await hasty.insert('pets', columns, rows, 'fault')
    expect(await count()).toEqual([{ n: '1' }])
    await hasty.close()
  })

  it('asks again while the server is away for a moment', async () => {
    await stores.server!.query('select 1')
    await server.leave()
    const asked = stores.server!.query('select 1 as n')
    await server.comeBack()
    expect(await asked).toEqual([{ n: 1 }])
  })

  it.each([
    ['a question three times', () => stores.server!.query('select 1'), 3],
    ['a statement that may write once', () => stores.server!.command('select 1'), 1],
  ])('sends %s', async (_name, ask, times) => {
    await stores.server!.query('select 1')
    const before = server.seen.statements
    server.fail('cut')
    await expect(ask()).rejects.toMatchObject({ kind: 'unavailable' })
    server.fail(undefined)
    expect(server.seen.statements - before).toBe(times)
  })

  it('lives in another time zone', async () => {
    expect(await stores.server!.query('select timezone() as zone')).toEqual([{ zone: serverTimezone }])
  })

  it('is unavailable with a wrong password', async () => {
    const url = new URL(server.url)
    url.password = 'wrong'
    const store = await openStore({ dataDirectory: directory, clickhouseUrl: url.href })
    await expect(store.query('select 1')).rejects.toMatchObject({ kind: 'unavailable', clickhouseCode: 516 })
    await store.close()
  })

  it('is unavailable where nothing listens, and says so without the password', async () => {
    const url = 'http://user:topsecret@127.0.0.1:9'
    const store = await openStore({ dataDirectory: directory, clickhouseUrl: url })
    const error = await store.query('select 1').catch(thrown => thrown)
    expect(error).toMatchObject({ kind: 'unavailable', clickhouseCode: 0 })
    expect(error.message).toMatch(/ECONNREFUSED/)
    expect(error.message).not.toMatch(/topsecret/)
    await store.close()
  })
})

describe('store: a server over TLS', () => {
  let secure: ClickhouseHttpServer
  const ca = join(directory, 'ca.pem')

  beforeAll(async () => {
    const certificate = await testCertificate()
    writeFileSync(ca, certificate.ca)
    secure = await startClickhouseHttpServer(join(directory, 'secure'), certificate)
  })
  afterAll(() => secure.close())

  const open = (settings: Partial<StoreSettings>) =>
    openStore({ dataDirectory: directory, clickhouseUrl: secure.url, ...settings })

  it('refuses a certificate of an unknown authority, and says what to do', async () => {
    const store = await open({})
    const error = await store.query('select 1').catch(thrown => thrown)
    expect(error).toMatchObject({ kind: 'unavailable', clickhouseCode: 0 })
    expect(error.message).toMatch(/^the database did not answer: [A-Z_]+: .*LIGHTFOOT_CLICKHOUSE_CA$/)
    await store.close()
  })

  it('refuses a certificate of another host', async () => {
    const url = secure.url.replace('127.0.0.1', 'localhost')
    const store = await open({ clickhouseCa: ca, clickhouseUrl: url })
    await expect(store.query('select 1')).rejects.toThrow(/ERR_TLS_CERT_ALTNAME_INVALID: .*another host/)
    await store.close()
  })

  it('takes one of the authority that it is given', async () => {
    const store = await open({ clickhouseCa: ca })
    expect(await store.query('select 1 as n')).toEqual([{ n: 1 }])
    await store.close()
  })

  it('says that a port answers without TLS', async () => {
    const store = await open({ clickhouseUrl: server.url.replace('http:', 'https:') })
    await expect(store.query('select 1')).rejects.toThrow(/without TLS/)
    await store.close()
  })
})
