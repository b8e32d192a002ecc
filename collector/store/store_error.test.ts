import { inspect } from 'node:util'
import { expect, test } from 'vitest'
import { toStoreError } from './store_error.ts'

const row = 'jane@example.com'
const withCode = (message: string, code: string) => Object.assign(new Error(message), { code })
const cannotParse = (parsed: string) =>
  `Code: 27. DB::Exception: Cannot parse input: expected '\\t' before: '${parsed}': (at row 1) ` +
  `Row 1: Column 0, name: id, parsed text: "${parsed}". (CANNOT_PARSE_INPUT_ASSERTION_FAILED) (version 26.7.2.1)`

test.each([
  [
    'refused',
    new Error(cannotParse(row)),
    'ClickHouse: CANNOT_PARSE_INPUT_ASSERTION_FAILED (code 27)',
    'refused',
    27,
  ],
  [
    'refused, and the row looks like the name of an error',
    new Error(cannotParse('(JANE_DOE) (version 1)')),
    'ClickHouse: CANNOT_PARSE_INPUT_ASSERTION_FAILED (code 27)',
    'refused',
    27,
  ],
  ['no code at all', new Error(`cannot send ${row}`), 'the database did not answer', 'unavailable', 0],
  [
    'a code of Node',
    withCode(`write ${row}`, 'ECONNRESET'),
    'the database did not answer: ECONNRESET',
    'unavailable',
    0,
  ],
  ['a code of its own', withCode(`bad ${row}`, row), 'the database did not answer', 'unavailable', 0],
  ['what is no error', `cannot send ${row}`, 'the database did not answer', 'unavailable', 0],
])('an insert, %s: nothing of its rows is passed on', (_name, thrown, message, kind, clickhouseCode) => {
  const error = toStoreError(thrown, { quoting: false })
  expect(error).toMatchObject({ name: 'StoreError', message, kind, clickhouseCode })
  expect(inspect(error, { depth: 9, showHidden: true })).not.toMatch(/jane/i)
})

test('an insert that got no answer still says why to the log', () => {
  const error = toStoreError(withCode(`write ${row}`, 'ECONNRESET'), { quoting: false })
  expect(error.cause).toMatchObject({ code: 'ECONNRESET', message: 'ECONNRESET' })
})

test('a query, which holds no row, passes on what was said', () => {
  const thrown = new Error('Unknown column nope')
  expect(toStoreError(thrown, { quoting: true })).toMatchObject({
    message: 'the database did not answer: Unknown column nope',
    cause: thrown,
  })
})
