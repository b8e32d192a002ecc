import { expect, test } from 'vitest'
import { packageRoot } from '../../collector/config/package_root.ts'
import { readRollups } from '../../collector/fold/rollup_files.ts'
import { sampleBatch } from '../testing/sample_batch.ts'
import { origin } from './batches.ts'
import { rollupNames } from './figures.ts'
import { addBatch, differences, type Stored, type Sums, tables } from './sums.ts'

/** What a database holds into which these batches were put, each once, and the acknowledged sums. */
function equalSides(batches: number): { acknowledged: Sums; stored: Map<string, Map<string, number>> } {
  const acknowledged: Sums = new Map()
  for (let count = 0; count < batches; count++) addBatch(acknowledged, sampleBatch('shop', origin, 3))
  return { acknowledged, stored: new Map(tables.map(table => [table, new Map(acknowledged)])) }
}

test('every rollup is compared', () => {
  const names = readRollups(`${packageRoot()}/rollups`).map(({ name }) => name)
  expect([...rollupNames].sort()).toEqual(names.sort())
})

test('equal sides have no difference', () => {
  const { acknowledged, stored } = equalSides(5)
  expect(acknowledged.get('shop events')).toBe(15)
  expect(acknowledged.get('shop engaged ms')).toBe(50_000)
  expect(differences(acknowledged, stored)).toEqual([])
})

test.each([
  ['one event less in the raw rows', 'events', 'shop events', -1, '1 lost'],
  ['one event more in a rollup', 'rollup_totals', 'shop events', 1, '1 doubled'],
  ['as many events, but one of them twice', 'events', 'shop different events', -1, '1 lost'],
  ['as many events, but other figures', 'rollup_pages', 'shop engaged ms', -5000, '5000 lost'],
  ['a site that nobody sent to', 'events', 'other events', 7, '7 doubled'],
])('%s is found', (_name, table, key, change, wanted) => {
  const { acknowledged, stored } = equalSides(5)
  const sums = stored.get(table)
  sums?.set(key, (sums.get(key) ?? 0) + change)
  const found = differences(acknowledged, stored)
  expect(found).toHaveLength(1)
  expect(found[0]).toContain(`${table}, `)
  expect(found[0]).toContain(wanted)
})

test('a table that did not answer is all lost', () => {
  const { acknowledged, stored } = equalSides(1)
  const answered: Stored = new Map([...stored].filter(([table]) => table !== 'rollup_exits'))
  expect(differences(acknowledged, answered)).toEqual([])
  addBatch(acknowledged, {
    ...sampleBatch('shop', origin),
    events: [{ type: 'exit', page: 0, seq: 0, at: 1, method: 'link' }],
  })
  expect(differences(acknowledged, answered)).toContain(
    'rollup_exits, shop, exit: 1 acknowledged, 0 stored, 1 lost',
  )
})
