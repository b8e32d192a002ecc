import { expect, test } from 'vitest'
import { scrubHost } from './scrub_host.ts'

test.each([
  ['WWW.Example.com', 'www.example.com'],
  ['www.example.com:8443', 'www.example.com:8443'],
  ['203.0.113.7', ':address'],
  ['203.0.113.7:8080', ':address'],
  ['[2001:db8::1]', ':address'],
  ['[2001:db8::1]:443', ':address'],
  ['5f4dcc3b5aa765d61d8327deb882cf99.cdn.example.com', ':id.cdn.example.com'],
  ['a3f5c9d1e7b2.example.com', ':token.example.com'],
  ['203.0.113.7.dsl.example', ':address.dsl.example'],
  ['host.7.113.0.203.example:81', 'host.:address.example:81'],
  ['john@example.com', ''],
  ['https://example.com/x', ''],
  ['a b', ''],
  ['', ''],
  ['xn--e1afmkfd.xn--p1ai', 'xn--e1afmkfd.xn--p1ai'],
])('%s → %s', (host, wanted) => {
  expect(scrubHost(host)).toBe(wanted)
})
