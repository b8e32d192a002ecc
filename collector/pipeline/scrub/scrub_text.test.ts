import { expect, test } from 'vitest'
import { scrubMessage, scrubTerm, scrubText } from './scrub_text.ts'
import { tidy } from './tidy.ts'

test.each([
  ['  Our  shop\n', 'Our shop'],
  ['Order 1234567 – thanks, john@example.com!', 'Order 1234567 – thanks, :email!'],
  ['jo\u200bhn@exam\u00adple.com', ':email'],
  ['john＠example.com', ':email'],
  ['john%40example.com, john%2540example.com', ':email, :email'],
  ['from 203%2E0%2E113%2E77', 'from :address'],
  ['see https://user:pass@www.example.com:8443/a/b?token=1#x now', 'see www.example.com:8443/a/b now'],
  ['see https://203.0.113.77/a', 'see :address/a'],
  ['ftp://example.com/x', ':url'],
  ['GET /a/b?token=abc&x=1 failed', 'GET /a/b failed'],
  ['really? yes', 'really? yes'],
  ['a\tb\\c', 'a b\\c'],
  ['\ud800x', '\ufffdx'],
])('%j', (text, wanted) => {
  expect(scrubText(text, 300)).toBe(wanted)
})

test('is bounded', () => {
  expect(scrubText('word '.repeat(100), 20)).toHaveLength(20)
  expect(scrubText(`${'a '.repeat(9)}b😀`, 20)).toBe(`${'a '.repeat(9)}b`)
})

test('terms are compared without regard to case', () => {
  expect(scrubTerm(' Red  SHOES ')).toBe('red shoes')
})

test.each([
  [
    "Cannot read properties of undefined (reading 'name')",
    "Cannot read properties of undefined (reading 'name')",
  ],
  ['Unexpected token in JSON: "John Smith, 12 High St"', 'Unexpected token in JSON: "..."'],
  ['`select * from users` failed', '`...` failed'],
  ["It's John's", "It'...'s"],
])('message %j', (message, wanted) => {
  expect(scrubMessage(message)).toBe(wanted)
})

test('one spelling', () => {
  expect(tidy('ﬁne\u00a0Ａ')).toBe('fine A')
})
