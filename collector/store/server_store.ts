// A ClickHouse server over HTTP(S): `https://user:password@host:8443/database`.
//
// A statement that only reads is asked again a few times when the connection broke or the server was busy. One that writes
// never is: whoever sent it decides (the loader counts first), and not before the server has ended it (unanswered.ts).

import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { Readable } from 'node:stream'
import { ClickHouseLogLevel, createClient } from '@clickhouse/client'
import { clientStore, readSettings } from './client_store.ts'
import { insertSettings } from './insert_settings.ts'
import { retryRead } from './retry_read.ts'
import type { Store } from './store.ts'
import { createUnanswered } from './unanswered.ts'

export type ServerOptions = {
  /** A PEM file. */
  readonly clickhouseCa?: string | undefined
  readonly clickhouseTimeoutMs?: number | undefined
}

const timeoutMsDefault = 60_000

export function openServerStore(
  url: string,
  { clickhouseCa, clickhouseTimeoutMs = timeoutMsDefault }: ServerOptions = {},
): Store {
  const isNear = /^(localhost|127\..*|\[::1\])$/.test(new URL(url).hostname)
  const client = createClient({
    url,
    application: 'lightfoot',
    // Of silence, the opening of the connection included.
    request_timeout: clickhouseTimeoutMs,
    // Under the 3 s after which a server of old closes an idle connection.
    keep_alive: { enabled: true, idle_socket_ttl: 2500, eagerly_destroy_stale_sockets: true },
    // Not on the same machine, where bytes cost nothing.
    compression: isNear ? {} : { request: { codec: 'gzip', level: 1 }, response: true },
    ...(clickhouseCa === undefined ? {} : { tls: { ca_cert: readFileSync(clickhouseCa) } }),
    // The client would log statements with their parameters.
    log: { level: ClickHouseLogLevel.OFF },
    clickhouse_settings: {
      ...readSettings,
      // An answer comes whole or as an error, not as a result that breaks off in the middle.
      wait_end_of_query: 1,
      // What nobody waits for any more does not go on: the server ends it before we turn away.
      max_execution_time: Math.max(1, Math.floor(clickhouseTimeoutMs / 1000) - 1),
      cancel_http_readonly_queries_on_client_close: 1,
    },
  })
  const bare = clientStore(
    client,
    'server',
    async () => {},
    () => client.close(),
  )
  const unanswered = createUnanswered((sql, ids) => bare.query(sql, { ids }))
  const write = <T>(send: (queryId: string) => Promise<T>) =>
    unanswered.write(`lightfoot-${randomUUID()}`, send)
  const insertRows: Store['insert'] = (table, columns, rows, token) =>
    write(async query_id => {
      await client.insert({
        table,
        columns: [columns[0] ?? '', ...columns.slice(1)],
        values: Readable.from([rows], { objectMode: false }),
        format: 'TabSeparated',
        clickhouse_settings: insertSettings(token),
        query_id,
      })
    })
  const asked = {
    query: client.query.bind(client),
    exec: client.exec.bind(client),
    command: (statement: Parameters<typeof client.command>[0]) =>
      write(query_id => client.command({ ...statement, query_id })),
  } as Pick<typeof client, 'query' | 'exec' | 'command'>
  const store = clientStore(asked, 'server', insertRows, () => client.close())
  return {
    ...store,
    query: (sql, parameters) =>
      retryRead(async () => {
        await unanswered.settle()
        return await store.query(sql, parameters)
      }),
    read: (sql, parameters, format) => retryRead(() => store.read(sql, parameters, format)),
  }
}
