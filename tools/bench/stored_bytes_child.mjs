// Merges the parts of a data directory that no process uses, and prints what they take. Argument: the data directory.

import { openStore } from '../../dist/collector/store/open_store.js'

const [, , dataDirectory] = process.argv
const store = await openStore({ dataDirectory, clickhouseUrl: undefined })
// Of small parts the engine does not know its columns' bytes; those of a real day are large.
await store.command('alter table events modify setting min_bytes_for_wide_part = 0')
await store.command('optimize table events final')
const numbers = async sql =>
  Object.fromEntries(
    Object.entries((await store.query(sql))[0]).map(([name, value]) => [name, Number(value)]),
  )
const sums = await numbers(`
  select sumIf(rows, table = 'events')                      as events,
         sumIf(bytes_on_disk, table = 'events')             as bytes,
         sumIf(bytes_on_disk, startsWith(table, 'rollup_')) as rollupBytes
  from system.parts
  where database = currentDatabase() and active`)
const columns = await store.query(`
  select column as name, sum(column_bytes_on_disk) as bytes
  from system.parts_columns
  where database = currentDatabase() and table = 'events' and active
  group by column
  order by bytes desc, column`)
console.log(
  JSON.stringify({ ...sums, columns: columns.map(({ name, bytes }) => ({ name, bytes: Number(bytes) })) }),
)
await store.close()
process.exit(0)
