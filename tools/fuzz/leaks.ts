// The search at the end: nothing that was planted is in the data directory, in any row, or in the log.

import { askDatabase, askRows } from '../testing/ask_database.ts'
import { plantNeedles } from '../testing/plants.ts'
import { type Hit, type Search, searchFor } from '../testing/search_bytes.ts'

/** Of rows of one table that are searched at a time: one answer of the database is one string, which has 512 MB at most. */
const rowsPerSlice = 100_000

/** Digits that a million rows of hashes and times hold by chance: 8 digits once in 100 million places. */
const digitsByChance = 9

/** The planted telephone numbers as they are written, so that they need not be found by their digits alone. */
const numbers = ['799.314.15', '4079931415']

export function plantSearch(): Search {
  return searchFor([...plantNeedles, ...numbers])
}

/** The product has stopped. */
export async function searchStored(dataDirectory: string, search: Search): Promise<string[]> {
  const hits = search.directory(dataDirectory)
  const tables = await tablesOf(dataDirectory)
  const small = tables.filter(({ rows }) => rows <= rowsPerSlice)
  const texts = await askDatabase(
    dataDirectory,
    small.map(({ name }) => ({ sql: `select * from ${name}`, format: 'TabSeparated' })),
  )
  for (const [index, text] of texts.entries()) hits.push(...search.text(small[index]?.name ?? '', text))
  for (const { name, rows } of tables.filter(({ rows }) => rows > rowsPerSlice)) {
    const slices = Math.ceil(rows / rowsPerSlice)
    for (let slice = 0; slice < slices; slice++) {
      const sql = `select * from ${name} where cityHash64(*) % ${slices} = ${slice}`
      const [text = ''] = await askDatabase(dataDirectory, [{ sql, format: 'TabSeparated' }])
      hits.push(...search.text(name, text))
    }
  }
  return told(hits)
}

/** One line for each, of which what stands around it is of the product's making. */
export function told(hits: readonly Hit[]): string[] {
  const real = hits.filter(({ needle, spelling }) => !(spelling === 'without marks' && isFewDigits(needle)))
  return [
    ...new Set(
      real.map(({ place, needle, spelling, around }) => `${place}: ${needle} (${spelling}) …${around}…`),
    ),
  ]
}

function isFewDigits(needle: string): boolean {
  const bare = needle.replace(/[ .\-()/+:_]/g, '')
  return /^\d+$/.test(bare) && bare.length <= digitsByChance
}

function tablesOf(dataDirectory: string): Promise<{ name: string; rows: number }[]> {
  return askRows(
    dataDirectory,
    `select concat(database, '.', name) as name, toFloat64(coalesce(total_rows, 0)) as rows from system.tables
     where (database not in ('system', 'INFORMATION_SCHEMA', 'information_schema') or name like '%\\\\_log')
       and engine not in ('View', 'MaterializedView', 'Null')
     order by name`,
  )
}

export async function storedEvents(dataDirectory: string): Promise<number> {
  const [row] = await askRows<{ events: string }>(dataDirectory, 'select count() as events from events')
  return Number(row?.events)
}
