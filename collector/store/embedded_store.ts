// ClickHouse inside this process (chDB), bound to one directory. One process, one directory, for the process's whole life.

import { mkdirSync } from 'node:fs'
import { type ClickHouseClient, createClient } from '@clickhouse/client'
import { bindLiterals } from './bind_literals.ts'
import { clientStore, readSettings } from './client_store.ts'
import { embeddedInsert } from './embedded_insert.ts'
import { type Parameters as Bound, type Store, StoreError } from './store.ts'
import { watchWrites } from './watch_writes.ts'

const mebibyte = 1024 ** 2

/**
 * What chDB may keep in memory between statements. Its own bounds are a server's: 5 GiB of marks, 128 MiB of compiled
 * expressions, and 100 MiB of which parts a condition does not hold for, entries that stay when the part is long merged.
 */
const engineArguments = Object.entries({
  mark_cache_size: 64 * mebibyte,
  compiled_expression_cache_size: 16 * mebibyte,
  query_condition_cache_size: 8 * mebibyte,
}).map(([name, bytes]) => `--${name}=${bytes}`)

export async function openEmbeddedStore(
  path: string,
  watch?: Parameters<typeof watchWrites>[2],
): Promise<Store> {
  const { createChdbConnection, Session } = await importChdb()
  mkdirSync(path, { recursive: true, mode: 0o700 })
  // Opens the engine, which the connections then share: they cannot be given arguments.
  const engine = new Session(path, { connectionArgs: engineArguments })
  const connect = async () => {
    // The connection is of chDB's own copy of the client's types; the shapes are the same.
    const connection = createChdbConnection({ path }) as unknown as ClientConnection
    const client = createClient({ connection })
    // `clickhouse_settings` on this connection become sticky session settings and leak into later statements (measured),
    // so none is ever given to a call. These few are wanted for all statements, and are set once, on purpose.
    for (const [name, value] of Object.entries(readSettings)) {
      await client.command({ query: `set ${name} = ${value}` })
    }
    return client
  }
  const client = await connect()
  // chDB runs the statements of one connection one after the other, and so it does all that have parameters, whatever
  // their connection. What takes long has a connection of its own and none: a question then takes 20 ms instead of
  // waiting until the other is done.
  const worker = await connect()
  const work = async (sql: string, parameters: Bound) => {
    await worker.command({ query: bindLiterals(sql, parameters) })
  }
  const close = async () => {
    await worker.close()
    await client.close()
    engine.close()
  }
  const insertRows = embeddedInsert(
    {
      // No fold runs beside an insert, and this way questions do.
      command: query => work(query, {}),
      columnsOf: async table => {
        const result = await client.query({
          query: `select name, type from system.columns
                  where database = currentDatabase() and table = {table:String}`,
          format: 'JSONEachRow',
          query_params: { table },
        })
        return await result.json()
      },
    },
    `${path}.insert`,
  )
  return await watchWrites(
    clientStore(client as ClickHouseClient, 'embedded', insertRows, close, work),
    path,
    watch,
  )
}

type ClientConnection = NonNullable<NonNullable<Parameters<typeof createClient>[0]>['connection']>

/** chDB is optional at run time: an installation with a server of its own need not have the engine. */
async function importChdb() {
  try {
    const { createChdbConnection } = await import('chdb/connection')
    const { Session } = await import('chdb')
    return { createChdbConnection, Session }
  } catch (error) {
    const advice = 'the embedded database (npm package chdb) cannot be loaded on this machine'
    throw new StoreError('unavailable', `${advice}: install it, or set LIGHTFOOT_CLICKHOUSE_URL`, 0, error)
  }
}
