// Everything that the rollups say, whatever parts and slices it is stored in: two states that give the same are the same to
// every report.

import { readRollups } from '../../collector/fold/rollup_files.ts'
import type { Store } from '../../collector/store/store.ts'

export async function rollupSums(store: Store, rollupsDirectory: string): Promise<Record<string, unknown[]>> {
  const sums: Record<string, unknown[]> = {}
  // Of all at once: a `describe table` for each takes longer than the reading.
  const all = await store.query<{ table: string; name: string; type: string }>(
    `select table, name, type from system.columns
     where database = currentDatabase() and table like 'rollup\\_%' order by table, position`,
  )
  for (const { name } of readRollups(rollupsDirectory)) {
    const columns = all.filter(({ table }) => table === `rollup_${name}`)
    const isSum = (column: { name: string; type: string }) =>
      /^UInt(32|64)$/.test(column.type) && !/^bucket_/.test(column.name)
    const keys = columns.filter(column => !isSum(column)).map(column => column.name)
    const added = columns.filter(isSum).map(column => `sum(${column.name}) as ${column.name}_sum`)
    sums[name] = await store.query(
      `select ${keys}, ${added} from rollup_${name} group by ${keys} order by ${keys}`,
    )
  }
  return sums
}
