import { expect, test } from 'vitest'
import { makeSite } from '../../../tools/testing/pipeline.ts'
import { scrubLink, scrubLinkedHost } from './scrub_link.ts'

const site = makeSite({
  origins: [
    'http://127.0.0.1:18080',
    'https://[2001:db8::1]:8443',
    'https://www.example.com',
    'https://*.shop.example',
  ],
  sensitive: ['/health/*'],
})

/** The browser gives a click the whole address, and an exit the host of it. */
test.each([
  ['an own address with a port', 'http://127.0.0.1:18080/', '127.0.0.1:18080'],
  ['an own v6 address', 'https://[2001:db8::1]:8443/', '[2001:db8::1]:8443'],
  ['an own host', 'https://www.example.com/', 'www.example.com'],
  ['in capitals', 'https://WWW.Example.com/', 'www.example.com'],
  ['an own subdomain', 'https://a.shop.example/', 'a.shop.example'],
  ['one that was drawn for a visitor', 'https://a3f5c9d1e7b2.shop.example/', ':token.shop.example'],
  ['the same address, another port', 'http://127.0.0.1:18081/', ':address'],
  ['an address', 'http://203.0.113.7/', ':address'],
  ['an address with a port', 'http://203.0.113.7:8080/', ':address'],
  ['a v6 address with a port', 'http://[2001:db8::2]:8080/', ':address'],
  ['another host', 'https://other.example/', 'other.example'],
  ['another host with a port', 'https://other.example:8443/', 'other.example:8443'],
  ['a line named by its address', 'https://203.0.113.7.dsl.example:81/', ':address.dsl.example:81'],
])('click and exit say the same of %s', (_, href, wanted) => {
  const url = new URL(href)
  expect(scrubLink(url, site).host).toBe(wanted)
  expect(scrubLinkedHost(url.host, site)).toBe(wanted)
  expect(scrubLinkedHost(href.slice(href.indexOf('//') + 2, -1), site)).toBe(wanted)
})

test.each([
  '',
  'a b',
  'john@www.example.com',
  'www.example.com/x',
  'evil.example/@www.example.com',
  'https://www.example.com',
])('%j is no host', host => {
  expect(scrubLinkedHost(host, site)).toBe('')
})

test('an own path that reveals becomes its pattern', () => {
  expect(scrubLink(new URL('https://www.example.com/health/x?y#z'), site).path).toBe('/health/*')
  expect(scrubLink(new URL('https://other.example/user/a@b.co?y#z'), site).path).toBe('/user/:email')
})
