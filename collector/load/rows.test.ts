import { describe, expect, it } from 'vitest'
import { createRowBuffer } from './row_buffer.ts'
import { describeRows, fieldOfFirstRow, lineStarts, numberRows } from './rows.ts'

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
    const rows = createRowBuffer()
    for (const part of parts) rows.append(Buffer.from(part))
    numberRows(rows.bytes(), load)
    expect(rows.bytes().toString()).toBe(wanted)
  })

  it('are gathered in memory that grows and is used again, and their source is not changed', () => {
    const source = Buffer.from(`${zeros}\t${'a'.repeat(700_000)}\n`)
    const rows = createRowBuffer()
    for (let count = 1; count <= 5; count++) {
      rows.append(source)
      expect(rows.length()).toBe(count * source.length)
    }
    const bytes = rows.bytes()
    expect(bytes.equals(Buffer.concat([source, source, source, source, source]))).toBe(true)
    numberRows(bytes, load)
    expect(source.toString('latin1', 0, 10)).toBe(zeros)
    rows.clear()
    expect(rows.bytes()).toHaveLength(0)
    rows.append(Buffer.from('b\n'))
    expect(rows.bytes().buffer).toBe(bytes.buffer)
    expect(rows.bytes().toString()).toBe('b\n')
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
    expect(describeRows(bytes, 1)).toEqual({ rows: 4, values: ['a', 'b'] })
    expect(lineStarts(bytes)).toEqual([0, 4, 8, 12, 14])
    expect(describeRows(Buffer.alloc(0), 1)).toEqual({ rows: 0, values: [] })
    const alike = Buffer.from('1\taa\n2\taa\n3\ta\n4\tab\n5\t\n6\t')
    expect(describeRows(alike, 1)).toEqual({ rows: 6, values: ['', 'a', 'aa', 'ab'] })
  })
})
