// A ClickHouse server over HTTP(S): `https://user:password@host:8443/database`.

import { Readable } from 'node:stream'
import { type ClickHouseClient, ClickHouseLogLevel, createClient } from '@clickhouse/client'
import { clientStore, readSettings } from './client_store.ts'
import { insertSettings } from './insert_settings.ts'
import type { Store } from './store.ts'

/** A slice of a fold may take a while on a small server; a call without an answer for so long counts as unavailable. */
const requestTimeoutMs = 300_000

export function openServerStore(url: string): Store {
  const client: ClickHouseClient = createClient({
    url,
    application: 'lightfoot',
    request_timeout: requestTimeoutMs,
    // The client would log statements with their parameters.
    log: { level: ClickHouseLogLevel.OFF },
    // An answer comes whole or as an error, not as a result that breaks off in the middle.
    clickhouse_settings: { ...readSettings, wait_end_of_query: 1 },
  })
  const insertRows: Store['insert'] = async (table, columns, rows, token) => {
    await client.insert({
      table,
      columns: [columns[0] ?? '', ...columns.slice(1)],
      values: Readable.from([rows], { objectMode: false }),
      format: 'TabSeparated',
      clickhouse_settings: insertSettings(token),
    })
  }
  return clientStore(client, 'server', insertRows, () => client.close())
}
