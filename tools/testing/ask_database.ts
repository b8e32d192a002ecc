// Asks the embedded database of a stopped product, in a process of its own: chDB binds one directory for the whole life of
// a process, and a test has several. It goes through the built collector/store, the way that the product opens it.

import { join } from 'node:path'
import { packageRoot } from '../../collector/config/package_root.ts'
import { runProgram } from './run_program.ts'

/** A question in a ClickHouse format (JSONEachRow where none is named); a statement without a result has `format: null`. */
export type Statement = { readonly sql: string; readonly format?: string | null }

const child = join(packageRoot(), 'tools/testing/ask_database_child.mjs')

/** The answers as text, in the order of the statements. */
export async function askDatabase(
  dataDirectory: string,
  statements: readonly Statement[],
): Promise<string[]> {
  const store = join(packageRoot(), 'dist/collector/store/open_store.js')
  const { status, stdout, stderr } = await runProgram(process.execPath, [
    child,
    store,
    dataDirectory,
    JSON.stringify(statements),
  ])
  if (status !== 0) throw new Error(`the database of a stopped product does not answer:\n${stderr}`)
  return JSON.parse(stdout) as string[]
}

/** One question, its rows. */
export async function askRows<T>(dataDirectory: string, sql: string): Promise<T[]> {
  const [text = ''] = await askDatabase(dataDirectory, [{ sql }])
  return text
    .split('\n')
    .filter(line => line !== '')
    .map(line => JSON.parse(line) as T)
}

/**
 * All that the database holds, decompressed: every row of every table as text, under the table's name. ClickHouse
 * compresses its files, so a search of their bytes alone would miss most of what is in them.
 */
export async function readAllTables(dataDirectory: string): Promise<ReadonlyMap<string, Buffer>> {
  const tables = await askRows<{ name: string }>(
    dataDirectory,
    `select concat(database, '.', name) as name from system.tables
     where (database not in ('system', 'INFORMATION_SCHEMA', 'information_schema') or name like '%\\\\_log')
       and engine not in ('View', 'MaterializedView', 'Null')
     order by name`,
  )
  const rows = await askDatabase(
    dataDirectory,
    tables.map(({ name }) => ({ sql: `select * from ${name}`, format: 'TabSeparated' })),
  )
  return new Map(tables.map(({ name }, index) => [name, Buffer.from(rows[index] ?? '')]))
}
