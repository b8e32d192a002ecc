import { expect, test } from 'vitest'
import { matchesPattern } from './match_pattern.ts'

test.each([
  ['/order/*', '/order/1', true],
  ['/order/*', '/order/1/items/2', true],
  ['/order/*', '/order/', true],
  ['/order/*', '/order', true],
  ['/order/*', '/orders', false],
  ['/order/*', '/', false],
  ['/order', '/order', true],
  ['/order', '/order/1', false],
  ['/*/edit', '/user/7/edit', true],
  ['/*/edit', '/user/7/editor', false],
  ['/a*b*c', '/aXbYbZc', true],
  ['/a*b*c', '/aXbY', false],
  ['*', '/', true],
  ['/health/*', '/HEALTH/hiv', true],
  ['/Health/*', '/health', true],
  ['/a.b', '/axb', false],
  ['/(x)+', '/(x)+', true],
])('%s matches %s: %s', (pattern, path, wanted) => {
  expect(matchesPattern(pattern, path)).toBe(wanted)
})

test('many stars against a long path take no time', () => {
  const started = process.hrtime.bigint()
  matchesPattern('/*a*a*a*a*a*a*a*a*b', `/${'a'.repeat(2000)}`)
  expect(Number(process.hrtime.bigint() - started) / 1e6).toBeLessThan(200)
})
