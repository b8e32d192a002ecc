import fc from 'fast-check'
import { expect, test } from 'vitest'
import { eventTypes } from '../../contract/events.ts'
import { ingestEvents, readRows, unescapeCell } from '../../tools/testing/pipeline.ts'
import { columnsOfType, emptyBatchCells, emptyMomentCells, emptyPageCells, noIdentity } from './cells.ts'
import { encodeRows, escapeCell } from './row.ts'
import { columnsByRowVersion, loadDigits, rowVersion } from './row_columns.ts'
import type { Anonymous } from './stages.ts'

const columns = columnsByRowVersion.get(rowVersion) ?? []

test('batch, page, moment and event own every column but load, and each one once', () => {
  const shared = [emptyBatchCells, emptyPageCells, emptyMomentCells].flatMap(cells => Object.keys(cells))
  const ofEvents = [...new Set(Object.values(columnsOfType).flat())]
  const all = ['load', ...shared, ...ofEvents]
  expect(new Set(all).size).toBe(all.length)
  expect([...all].sort()).toEqual([...columns].sort())
})

function anonymousOf(type: (typeof eventTypes)[number], cells: object): Anonymous {
  const event = { page: emptyPageCells, moment: { ...emptyMomentCells, type }, type, cells }
  return { batch: emptyBatchCells, events: [event], subjectTag: 0n } as unknown as Anonymous
}

test.each(eventTypes)('a %s with every column it has, in its place', type => {
  const cells = Object.fromEntries(columnsOfType[type].map((column, index) => [column, `value ${index}`]))
  const [row] = readRows({ rows: encodeRows(anonymousOf(type, cells)) })
  for (const [column, value] of Object.entries(cells)) expect(row?.[column]).toBe(value)
  expect(row?.type).toBe(type)
})

test('what a type does not fill is empty in the way of its column', () => {
  const [row] = readRows({ rows: encodeRows(anonymousOf('view', { name: '', name_group: '' })) })
  expect(row).toMatchObject({
    load: '0'.repeat(loadDigits),
    identity: noIdentity,
    visitor: '0',
    status: '0',
    value: '0',
    title: '',
    area: '',
  })
})

test('a line begins with the placeholder that the loader fills in', () => {
  const text = ingestEvents([{ type: 'pageview' }]).rows.toString()
  expect(text.startsWith(`${'0'.repeat(loadDigits)}\tshop\t`)).toBe(true)
})

test.each([
  ['a\tb', 'a\\tb'],
  ['a\nb', 'a\\nb'],
  ['a\rb', 'a\\rb'],
  ['a\\b', 'a\\\\b'],
  ['a\0b', 'a\\0b'],
  ['\\N', '\\\\N'],
  ['plain', 'plain'],
  [1.5, '1.5'],
] as const)('escapes %j', (value, wanted) => {
  expect(escapeCell(value)).toBe(wanted)
})

test('escaping is undone by reading, and never ends a value or a line', () => {
  const special = fc.stringMatching(/^[\t\n\r\\\0tnr0N a"']*$/)
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.string({ unit: 'binary' }), special), value => {
      const written = escapeCell(value)
      expect(written).not.toMatch(/[\t\n\r\0]/)
      expect(unescapeCell(written)).toBe(value)
    }),
  )
})
