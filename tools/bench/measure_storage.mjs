// Stored bytes an event, by column, with the demo's mix; rollups apart.

import { showProgress } from './progress.mjs'
import { storedBytes } from './stored_bytes.mjs'

const visitsUsually = 20_000
const visitsQuickly = 2_000
/** Columns that take less are summed up. */
const smallBytes = 0.05

export async function measureStorage({ isQuick = false }) {
  const visits = isQuick ? visitsQuickly : visitsUsually
  showProgress(`${visits} visits of the demo are made and stored`)
  const { events, bytes, rollupBytes, columns } = await storedBytes({ visits })
  showProgress('')
  const each = sum => Number((sum / events).toFixed(2))
  const large = columns.filter(column => column.bytes / events >= smallBytes)
  const small = columns.slice(large.length)
  const results = [
    ...large.map(column => ({ name: column.name, bytesAnEvent: each(column.bytes) })),
    {
      name: `${small.length} other columns`,
      bytesAnEvent: each(small.reduce((sum, column) => sum + column.bytes, 0)),
    },
    { name: 'an event, with index and marks', bytesAnEvent: each(bytes) },
    { name: 'rollups', bytesAnEvent: each(rollupBytes) },
  ]
  console.table(results)
  const largest = large.slice(0, 3).map(column => `${column.name} ${each(column.bytes)}`)
  const remark = `${events} events of ${visits} visits; ${largest.join(', ')}; rollups ${each(rollupBytes)}`
  return {
    results,
    goals: [{ name: 'stored bytes an event', most: 20, aim: 12, value: bytes / events, remark }],
    wrong: [],
  }
}
