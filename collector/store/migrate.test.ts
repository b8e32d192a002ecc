import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { migrate } from './migrate.ts'
import { openStore } from './open_store.ts'
import { splitStatements } from './split_statements.ts'
import type { Store } from './store.ts'

const shipped = join(import.meta.dirname, '../../migrations')
const scratch = mkdtempSync(join(tmpdir(), 'lightfoot-migrate-'))
const directory = join(scratch, 'migrations')
let store: Store

beforeAll(async () => {
  store = await openStore({ dataDirectory: scratch, clickhouseUrl: undefined })
})
afterAll(async () => {
  await store.close()
  rmSync(scratch, { recursive: true, force: true })
})
beforeEach(async () => {
  for (const { name } of await tables()) await store.command(`drop table ${name} sync`)
  rmSync(directory, { recursive: true, force: true })
  mkdirSync(directory)
})

const tables = () =>
  store.query<{ name: string }>('select name from system.tables where database = currentDatabase()')
const write = (name: string, sql: string) => writeFileSync(join(directory, name), sql)
const states = async (dryRun = false) =>
  (await migrate(store, { directory, dryRun })).map(({ name, state }) => `${name} ${state}`)

describe('splitStatements', () => {
  const cases: [string, string, string[]][] = [
    ['two statements', 'select 1; select 2', ['select 1', 'select 2']],
    ['a last semicolon', 'select 1;\n', ['select 1']],
    [
      'a semicolon in a string',
      `select ';'; select 'it''s;', '\\';'`,
      [`select ';'`, `select 'it''s;', '\\';'`],
    ],
    ['a semicolon in a line comment', 'select 1 -- a; b\n; select 2', ['select 1 -- a; b', 'select 2']],
    ['a quote in a comment', "select 1 -- don't; stop\n; select 2", ["select 1 -- don't; stop", 'select 2']],
    ['a block comment', 'select /* ; */ 1; select 2', ['select /* ; */ 1', 'select 2']],
    ['a quoted identifier', 'select `a;b`; select "c;d"', ['select `a;b`', 'select "c;d"']],
    ['only comments', '-- nothing;\n/* here; */;', []],
    ['a comment after the last statement', 'select 1; -- done', ['select 1']],
    ['nothing', '', []],
  ]
  it.each(cases)('%s', (_name, sql, wanted) => expect(splitStatements(sql)).toEqual(wanted))
})

describe('migrate', () => {
  it('applies in order, once, and records', async () => {
    write('0002_more.sql', 'alter table a add column if not exists c UInt8;')
    write('0001_first.sql', 'create table if not exists a (b UInt8) engine = MergeTree order by b;')
    expect(await states()).toEqual(['0001_first.sql new', '0002_more.sql new'])
    expect(await states()).toEqual(['0001_first.sql applied', '0002_more.sql applied'])
    expect(await store.query('select name, length(checksum) as n from migrations order by name')).toEqual([
      { name: '0001_first.sql', n: '64' },
      { name: '0002_more.sql', n: '64' },
    ])
  })

  it('a dry run lists and touches nothing', async () => {
    write('0001_first.sql', 'create table a (b UInt8) engine = Memory')
    expect(await states(true)).toEqual(['0001_first.sql new'])
    expect(await tables()).toEqual([])
  })

  it('refuses an edited file with one line', async () => {
    write('0001_first.sql', 'create table if not exists a (b UInt8) engine = Memory')
    await states()
    write('0001_first.sql', 'create table if not exists a (b UInt16) engine = Memory')
    const wanted =
      'migrations/0001_first.sql was edited after it had been applied: restore it, and put the change into a new file'
    await expect(states()).rejects.toThrow(wanted)
    await expect(states(true)).rejects.toThrow(wanted)
  })

  it('refuses a database of a newer version', async () => {
    write('0001_first.sql', 'select 1')
    await states()
    rmSync(join(directory, '0001_first.sql'))
    await expect(states()).rejects.toThrow(/^the database has the migration 0001_first.sql/)
  })

  it('refuses a name that has no order', async () => {
    write('first.sql', 'select 1')
    await expect(states()).rejects.toThrow('migrations/first.sql: name it like 0002_topic.sql')
  })

  it('finishes a half-applied file', async () => {
    const first = 'create table if not exists a (b UInt8) engine = Memory;'
    write('0001_first.sql', `${first}\nselect nope;`)
    await expect(states()).rejects.toMatchObject({ name: 'StoreError', kind: 'refused' })
    expect(await tables()).toEqual([{ name: 'a' }])
    write('0001_first.sql', `${first}\ncreate table if not exists c (b UInt8) engine = Memory;`)
    expect(await states()).toEqual(['0001_first.sql new'])
    expect((await tables()).map(table => table.name).sort()).toEqual(['a', 'c', 'migrations'])
  })

  const schema = () =>
    store.query(
      `select name, create_table_query from system.tables where database = currentDatabase() order by name`,
    )

  it('ends in the same schema from scratch, step by step, and when every statement runs twice', async () => {
    const files = readdirSync(shipped).sort()
    cpSync(shipped, directory, { recursive: true })
    expect(await states()).toEqual(files.map(file => `${file} new`))
    const fresh = await schema()
    expect(fresh.length).toBeGreaterThan(3)

    for (const { name } of await tables()) await store.command(`drop table ${name} sync`)
    rmSync(directory, { recursive: true, force: true })
    mkdirSync(directory)
    for (const file of files) {
      cpSync(join(shipped, file), join(directory, file))
      await states()
    }
    expect(await schema()).toEqual(fresh)

    for (const file of files) {
      for (const statement of splitStatements(readFileSync(join(shipped, file), 'utf8'))) {
        await store.command(statement)
      }
    }
    expect(await schema()).toEqual(fresh)
  })
})
