// Brings a database to the schema of this version: migrations/0001_….sql, 0002_….sql …, forward only. Each file's checksum
// is recorded, and an edited one is refused: two databases that say the same number must be the same.

import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { splitStatements } from './split_statements.ts'
import type { Store } from './store.ts'

/** `applied`: it was there before; `new`: this run applied it, or a dry run would. */
export type Migration = {
  readonly name: string
  readonly checksum: string
  readonly state: 'applied' | 'new'
}

/** One clear line that names the file. */
export class MigrationError extends Error {
  override readonly name = 'MigrationError'
}

type MigrationFile = { name: string; checksum: string; sql: string }

const bookkeeping = `create table if not exists migrations (
  name       String,
  checksum   String,
  applied_at DateTime('UTC')
)
engine = MergeTree
order by name
settings fsync_after_insert = 1, fsync_part_directory = 1`

export async function migrate(
  store: Store,
  { directory, dryRun = false }: { directory: string; dryRun?: boolean },
): Promise<Migration[]> {
  const files = readFiles(directory)
  const applied = await readApplied(store)
  refuseSurprises(files, applied)
  const migrations: Migration[] = []
  for (const file of files) {
    const state = applied.has(file.name) ? 'applied' : 'new'
    if (state === 'new' && !dryRun) await apply(store, file)
    migrations.push({ name: file.name, checksum: file.checksum, state })
  }
  return migrations
}

function readFiles(directory: string): MigrationFile[] {
  const names = readdirSync(directory).filter(name => name.endsWith('.sql'))
  const wrong = names.find(name => !/^\d{4}_[a-z0-9_]+\.sql$/.test(name))
  if (wrong !== undefined) throw new MigrationError(`migrations/${wrong}: name it like 0002_topic.sql`)
  return names.sort().map(name => {
    const sql = readFileSync(join(directory, name), 'utf8')
    return { name, checksum: createHash('sha256').update(sql).digest('hex'), sql }
  })
}

/** Name to checksum; nothing in a database that has never been migrated. A dry run writes nothing, so it only looks. */
async function readApplied(store: Store): Promise<Map<string, string>> {
  const tables = await store.query(
    `select name from system.tables where database = currentDatabase() and name = 'migrations'`,
  )
  if (tables.length === 0) return new Map()
  const rows = await store.query<{ name: string; checksum: string }>('select name, checksum from migrations')
  return new Map(rows.map(row => [row.name, row.checksum]))
}

function refuseSurprises(files: readonly MigrationFile[], applied: ReadonlyMap<string, string>): void {
  for (const [name, checksum] of applied) {
    const file = files.find(candidate => candidate.name === name)
    if (file === undefined) {
      throw new MigrationError(
        `the database has the migration ${name}, which this version of lightfoot does not know: install the newer version that wrote it`,
      )
    }
    if (file.checksum !== checksum) {
      throw new MigrationError(
        `migrations/${name} was edited after it had been applied: restore it, and put the change into a new file`,
      )
    }
  }
}

/**
 * Statements are written so that they can be run again (`if not exists`), since ClickHouse has no transaction over them: a
 * kill in the middle leaves a half-applied file without a record, and the next start runs it whole.
 */
async function apply(store: Store, file: MigrationFile): Promise<void> {
  for (const statement of splitStatements(file.sql)) await store.command(statement)
  await store.command(bookkeeping)
  await store.command('insert into migrations select {name:String}, {checksum:String}, now()', {
    name: file.name,
    checksum: file.checksum,
  })
}
