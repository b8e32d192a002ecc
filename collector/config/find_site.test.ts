import { describe, expect, test } from 'vitest'
import { demoConfig } from './demo_config.ts'
import { findSite, originBelongs } from './find_site.ts'
import { parseConfig } from './load_config.ts'
import { parseOrigin } from './parse_origin.ts'

function siteOf(...origins: string[]) {
  const config = parseConfig(
    JSON.stringify({ sites: [{ id: 'shop', origins, mode: 'strict', policy: 1 }] }),
    'x.json',
  )
  return config.sites[0]!
}

describe('originBelongs', () => {
  const exact = 'https://www.example.com'
  const all = 'https://*.example.com'
  const cases: readonly [entry: string, origin: string, wanted: boolean][] = [
    [exact, 'https://www.example.com', true],
    [exact, 'https://WWW.EXAMPLE.com', true],
    [exact, 'https://www.example.com:443', true],
    [exact, 'http://www.example.com', false],
    [exact, 'https://www.example.com:444', false],
    [exact, 'https://example.com', false],
    [exact, 'https://www.example.com.evil.example', false],
    [exact, 'https://evil.example/www.example.com', false],
    [exact, 'https://www.example.com/path', false],
    [exact, 'https://user@www.example.com', false],
    [exact, 'null', false],
    [exact, '', false],
    ['http://shop.example:80', 'http://shop.example', true],
    ['http://127.0.0.1:8080', 'http://127.0.0.1:8080', true],
    ['http://127.0.0.1:8080', 'http://127.0.0.1', false],
    ['https://münchen.example', 'https://xn--mnchen-3ya.example', true],
    [all, 'https://www.example.com', true],
    [all, 'https://a.b.example.com', true],
    [all, 'https://A.Example.com:443', true],
    [all, 'https://example.com', false],
    [all, 'https://.example.com', false],
    [all, 'https://evilexample.com', false],
    [all, 'https://www.evilexample.com', false],
    [all, 'https://www.example.com.evil.example', false],
    [all, 'http://www.example.com', false],
    [all, 'https://www.example.com:8443', false],
    [all, 'https://evil.example/.example.com', false],
    [all, 'https://evil.example#.example.com', false],
    [all, 'https://evil.example\\.example.com', false],
    [all, 'https://user@evil.example?.example.com', false],
    [all, 'https://*.example.com', false],
    ['https://*.example.com:8443', 'https://www.example.com:8443', true],
    ['https://*.example.com:8443', 'https://www.example.com', false],
  ]
  test.each(cases)('%s, %s: %s', (entry, origin, wanted) => {
    expect(originBelongs(siteOf(entry), origin)).toBe(wanted)
  })

  test('any of several entries will do', () => {
    const site = siteOf(exact, 'https://shop.example')
    expect(originBelongs(site, 'https://shop.example')).toBe(true)
    expect(originBelongs(site, 'https://other.example')).toBe(false)
  })
})

describe('parseOrigin', () => {
  const good: readonly [string, string][] = [
    ['https://example.com', 'https://example.com'],
    ['HTTPS://Example.COM:443', 'https://example.com'],
    ['http://localhost:3000', 'http://localhost:3000'],
    ['http://[::1]:3000', 'http://[::1]:3000'],
    ['https://*.Example.com', 'https://*.example.com'],
    ['https://*.example.com:443', 'https://*.example.com'],
    ['https://*.a.b.example', 'https://*.a.b.example'],
  ]
  test.each(good)('%s → %s', (written, origin) => {
    expect(parseOrigin(written)).toEqual({ ok: true, origin })
  })

  const bad: readonly [string, string][] = [
    ['www.example.com', 'must begin with https:// (or http://): "https://www.example.com"'],
    ['ftp://example.com', 'must begin with https:// (or http://): "https://www.example.com"'],
    ['', 'must begin with https:// (or http://): "https://www.example.com"'],
    ['null', 'must begin with https:// (or http://): "https://www.example.com"'],
    ['https://', 'is not an origin: write scheme and host, such as "https://www.example.com"'],
    ['https://exa mple.com', 'is not an origin: write scheme and host, such as "https://www.example.com"'],
    ['https://example.com ', 'is not an origin: write scheme and host, such as "https://www.example.com"'],
    [
      'https://example.com:99999',
      'is not an origin: write scheme and host, such as "https://www.example.com"',
    ],
    ['https://*', 'is not an origin: write scheme and host, such as "https://www.example.com"'],
    ['https://www.*.com', 'is not an origin: write scheme and host, such as "https://www.example.com"'],
    ['https://*.*.com', 'is not an origin: write scheme and host, such as "https://www.example.com"'],
    ['https://*.com', 'must name a domain after "*.": "https://*.example.com"'],
    ['https://*.10.0.0.1', 'must name a domain after "*.": "https://*.example.com"'],
    ['https://example.com/', 'must hold nothing after the host: write "https://example.com"'],
    ['https://example.com/shop', 'must hold nothing after the host: write "https://example.com"'],
    ['https://example.com?x', 'must hold nothing after the host: write "https://example.com"'],
    ['https://example.com#x', 'must hold nothing after the host: write "https://example.com"'],
    ['https://*.example.com/', 'must hold nothing after the host: write "https://*.example.com"'],
    ['https://user:pw@example.com', 'must hold no user or password'],
  ]
  test.each(bad)('%j: %s', (written, problem) => {
    expect(parseOrigin(written)).toEqual({ ok: false, problem })
  })
})

test('the demo site is on loopback, and a site is found by its id', () => {
  const config = demoConfig({ port: 4321, timezone: 'Asia/Kolkata' })
  const site = findSite(config, 'demo')!
  expect(originBelongs(site, 'http://127.0.0.1:4321')).toBe(true)
  expect(originBelongs(site, 'http://localhost:4321')).toBe(true)
  expect(originBelongs(site, 'http://localhost')).toBe(false)
  expect(findSite(config, 'Demo')).toBeUndefined()
  // What the demo is made of is a configuration that anyone could write.
  const { controller, sites, recipients } = config
  expect(parseConfig(JSON.stringify({ controller, sites, recipients }), 'x.json')).toEqual(config)
})
