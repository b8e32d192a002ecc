// What both stores share: questions and statements through @clickhouse/client. Only inserts and the making of the client
// differ, so a statement behaves alike over the embedded engine and over a server.

import type { ClickHouseClient } from '@clickhouse/client'
import type { Parameters, Store } from './store.ts'
import { toStoreError } from './store_error.ts'

/** The same for every statement of a store's life, so that reading does not depend on a server's own defaults. */
export const readSettings = {
  // JavaScript's numbers end at 2^53: page and visitor are 64-bit.
  output_format_json_quote_64bit_integers: 1,
  output_format_json_escape_forward_slashes: 0,
  // A mutation or an ALTER is done when the call returns.
  mutations_sync: '2',
  alter_sync: '2',
} as const

export function clientStore(
  client: Pick<ClickHouseClient, 'query' | 'exec' | 'command'>,
  kind: Store['kind'],
  insertRows: Store['insert'],
  closeClient: () => Promise<void>,
  work?: (sql: string, parameters: Parameters) => Promise<void>,
): Store {
  const command: Store['command'] = (sql, parameters = {}) =>
    quoted(async () => {
      await client.command({ query: withoutEnd(sql), query_params: parameters })
    })
  return {
    kind,
    query: <T>(sql: string, parameters: Parameters = {}) =>
      quoted(async () => {
        const result = await client.query({
          query: withoutEnd(sql),
          format: 'JSONEachRow',
          query_params: parameters,
        })
        return await result.json<T>()
      }),
    read: (sql, parameters, format) =>
      quoted(async () => {
        if (!/^[A-Za-z]+$/.test(format)) throw new Error(`not the name of a format: ${format}`)
        const { stream } = await client.exec({
          query: `${withoutEnd(sql)}\nformat ${format}`,
          query_params: parameters,
        })
        const chunks: Buffer[] = []
        for await (const chunk of stream) chunks.push(Buffer.from(chunk))
        return Buffer.concat(chunks)
      }),
    command,
    work: work ? (sql, parameters = {}) => quoted(() => work(withoutEnd(sql), parameters)) : command,
    insert: async (table, columns, rows, token) => {
      // An empty insert would still use up its token.
      if (rows.length === 0) return
      try {
        await insertRows(table, columns, rows, token)
      } catch (error) {
        throw toStoreError(error, { quoting: false })
      }
    },
    isSound: async () => true,
    close: closeClient,
  }
}

async function quoted<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    throw toStoreError(error, { quoting: true })
  }
}

/** A file's last semicolon would end the statement before the client's own `format`. */
function withoutEnd(sql: string): string {
  return sql.replace(/[;\s]+$/, '')
}
