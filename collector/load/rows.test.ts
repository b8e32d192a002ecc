import { describe, expect, it } from 'vitest'
import { countRows, distinctFields, fieldOfFirstRow, joinRows, lineStarts } from './rows.ts'

const zeros = '0000000000'
const load = 1_000_000_042

describe('rows of a load', () => {
  it.each([
    [
      'rows of several parts',
      [`${zeros}\ta\n${zeros}\tb\n`, `${zeros}\tc\n`],
      `${load}\ta\n${load}\tb\n${load}\tc\n`,
    ],
    ['a part without its last line feed', [`${zeros}\ta`, `${zeros}\tb\n`], `${load}\ta\n${load}\tb\n`],
    ['an empty part', ['', `${zeros}\ta\n`], `${load}\ta\n`],
    ['zeros elsewhere stay', [`${zeros}\t${zeros}\n`], `${load}\t${zeros}\n`],
    ['a row without the placeholder is spoilt', [`5\ta\n${zeros}\tb\n`], `x\ta\n${load}\tb\n`],
    ['a placeholder of eleven zeros is spoilt', [`0${zeros}\ta\n`], `x${zeros}\ta\n`],
    ['an empty line stays one', ['\n'], '\n'],
  ])('%s', (_, parts, wanted) => {
    expect(
      joinRows(
        parts.map(part => Buffer.from(part)),
        load,
      ).toString(),
    ).toBe(wanted)
  })

  it('does not change the parts', () => {
    const part = Buffer.from(`${zeros}\ta\n`)
    joinRows([part], load)
    expect(part.toString()).toBe(`${zeros}\ta\n`)
  })

  it.each([
    [0, 'a'],
    [2, 'c'],
    [3, ''],
  ])('column %i of the first row', (column, wanted) => {
    expect(fieldOfFirstRow(Buffer.from('a\tb\tc\nd\te\tf\tg\n'), column)).toBe(wanted)
  })

  it('counts, and tells the distinct values of a column', () => {
    const bytes = Buffer.from('1\tb\n2\ta\n3\tb\n4\n')
    expect(countRows(bytes)).toBe(4)
    expect(distinctFields(bytes, 1)).toEqual(['a', 'b'])
    expect(lineStarts(bytes)).toEqual([0, 4, 8, 12, 14])
    expect(countRows(Buffer.alloc(0))).toBe(0)
  })
})
