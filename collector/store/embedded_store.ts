// ClickHouse inside this process (chDB), bound to one directory. One process, one directory, for the process's whole life.

import { mkdirSync } from 'node:fs'
import { type ClickHouseClient, createClient } from '@clickhouse/client'
import { bindLiterals } from './bind_literals.ts'
import { clientStore, readSettings } from './client_store.ts'
import { embeddedInsert } from './embedded_insert.ts'
import { type Parameters as Bound, type Store, StoreError } from './store.ts'
import { watchWrites } from './watch_writes.ts'

export async function openEmbeddedStore(
  path: string,
  watch?: Parameters<typeof watchWrites>[2],
): Promise<Store> {
  const { createChdbConnection } = await importChdb()
  mkdirSync(path, { recursive: true, mode: 0o700 })
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
  }
  const insertRows = embeddedInsert(
    {
      command: async query => {
        await client.command({ query })
      },
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
    return await import('chdb/connection')
  } catch (error) {
    const advice = 'the embedded database (npm package chdb) cannot be loaded on this machine'
    throw new StoreError('unavailable', `${advice}: install it, or set LIGHTFOOT_CLICKHOUSE_URL`, 0, error)
  }
}
