import { expect, test } from 'vitest'
import { parseWebUrl } from './parse_web_url.ts'

test.each([
  ['https://www.example.com/a?b#c', 'https://www.example.com/a?b#c'],
  ['HTTP://EXAMPLE.com:80', 'http://example.com/'],
  ['/a', undefined],
  ['blob:https://www.example.com/1', undefined],
  ['javascript:alert(1)', undefined],
  ['data:text/html,x', undefined],
  ['mailto:a@b.c', undefined],
  ['https://', undefined],
  ['', undefined],
])('%s', (text, wanted) => {
  expect(parseWebUrl(text)?.href).toBe(wanted)
})

test('relative to a page', () => {
  const base = new URL('https://www.example.com/a/b')
  expect(parseWebUrl('../c', base)?.href).toBe('https://www.example.com/c')
  expect(parseWebUrl('//other.example/x', base)?.href).toBe('https://other.example/x')
  expect(parseWebUrl('tel:1', base)).toBeUndefined()
})
