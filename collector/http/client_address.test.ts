import { readdirSync, readFileSync } from 'node:fs'
import type { IncomingMessage } from 'node:http'
import { join } from 'node:path'
import { inspect } from 'node:util'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { addressCases } from '../../tools/testing/address_cases.ts'
import { readSettings } from '../config/settings.ts'
import {
  type ClientFacts,
  createClientHead,
  isOfInternet,
  parseTrusted,
  readClient,
} from './client_address.ts'

const loopback = ['127.0.0.1', '::1']
const key = Buffer.alloc(32, 1)

function read(head: Partial<ClientFacts> = {}) {
  return readClient({
    socketAddress: '203.0.113.77',
    forwardedFor: undefined,
    userAgent: 'agent',
    trusted: parseTrusted(loopback),
    country: prefix => `of ${prefix}`,
    ...head,
  })
}

test('the table is as long as it was asked to be', () => {
  expect(addressCases.length).toBeGreaterThanOrEqual(60)
  expect(new Set(addressCases.map(({ name }) => name)).size).toBe(addressCases.length)
})

test.each(addressCases)('$name: $wantedPrefix', ({ socket, forwardedFor, trusted, wantedPrefix }) => {
  const client = read({
    socketAddress: socket ?? '127.0.0.1',
    forwardedFor,
    trusted: parseTrusted(trusted ?? loopback),
  })
  expect(client.prefix).toBe(wantedPrefix)
  // Without an address there is no id either.
  expect(client.dailyId('shop', key) > 0).toBe(wantedPrefix !== '')
  // Nothing of the client can be printed but prefix and country.
  expect(JSON.parse(JSON.stringify(client))).toEqual({ prefix: client.prefix, country: client.country })
})

test.each([
  ['8.8.8.8', 'of 8.8.8.0'],
  ['2a02:2f00:1:2::3', 'of 2a02:2f00:1::'],
  ['2002:0808:0808::1', 'of 8.8.8.0'],
  ['192.168.1.7', ''],
  ['127.0.0.1', ''],
  ['203.0.113.77', ''],
  ['fe80::1', ''],
  ['2001:db8::1', ''],
  ['junk', ''],
])(
  'the country of %s is asked for by its prefix, and only where it means something',
  (socketAddress, wanted) => {
    expect(read({ socketAddress }).country).toBe(wanted)
  },
)

test('an empty X-Forwarded-For is none', () => {
  expect(read({ socketAddress: '127.0.0.1', forwardedFor: '' }).prefix).toBe('127.0.0.0')
  expect(read({ socketAddress: '127.0.0.1', forwardedFor: [] }).prefix).toBe('127.0.0.0')
})

describe('trusted networks', () => {
  test.each([['10.0.0.0/8'], ['10.0.0.1'], ['::1'], ['fd00::/8'], ['0.0.0.0/0'], [' 10.0.0.0/8 ']])(
    '%s',
    cidr => {
      expect(() => parseTrusted([cidr])).not.toThrow()
    },
  )

  test.each([
    ['10.0.0.0/33'],
    ['::1/129'],
    ['10.0.0.0/'],
    ['10.0.0.0/8/8'],
    ['10.0.0.0/-1'],
    ['10.0.0/8'],
    ['loopback'],
    [''],
    ['::ffff:10.0.0.0/104'],
  ])('%j is none', cidr => {
    expect(() => parseTrusted([cidr])).toThrow('must be a list of networks')
  })
})

test('whatever the settings accept as a proxy is believed when it is the peer', () => {
  const bits = fc.oneof(
    fc.constant(''),
    fc.integer({ min: 0, max: 140 }).map(length => `/${length}`),
    fc.string({ maxLength: 4 }),
  )
  const forms = ['::ffff:', '::ffff:0:', '::', '64:ff9b::', '2001:db8::', '2001::', '2002:a00:', '2000:']
  const address = fc.oneof(
    fc.ipV4(),
    fc.ipV6(),
    fc
      .tuple(fc.constantFrom(...forms), fc.oneof(fc.ipV4(), fc.ipV6(), fc.constant('')))
      .map(parts => parts.join('')),
    fc.stringMatching(/^[0-9a-f:.]{1,20}$/),
    fc.constantFrom(
      '::',
      '::1',
      '0.0.0.0',
      '1:2:3:4:5:6:7::',
      '::2:3:4:5:6:7:8',
      'fe80::1%eth0',
      'localhost',
    ),
  )
  let accepted = 0
  fc.assert(
    fc.property(address, bits, (network, length) => {
      let cidrs: readonly string[]
      try {
        cidrs = readSettings({ LIGHTFOOT_TRUST_PROXY: network + length }, 1).trustProxy
      } catch {
        return
      }
      if (cidrs.length !== 1) return
      accepted++
      const socketAddress = cidrs[0]?.split('/')[0] ?? ''
      const head = { socketAddress, forwardedFor: '8.8.8.8', trusted: parseTrusted(cidrs) }
      expect(read(head).prefix).toBe('8.8.8.0')
    }),
    { numRuns: 5000 },
  )
  expect(accepted).toBeGreaterThan(500)
})

describe('the id of the day', () => {
  const idOf = (head: Partial<ClientFacts>, site = 'shop', under = key) => read(head).dailyId(site, under)

  test('is the same for the same visitor, site and key', () => {
    expect(idOf({})).toBe(idOf({}))
    expect(idOf({})).toBe(idOf({ socketAddress: '::ffff:203.0.113.77' }))
    expect(idOf({})).toBe(idOf({ socketAddress: '127.0.0.1', forwardedFor: '203.0.113.77:5555' }))
  })

  test('tells addresses of one prefix apart, and users behind one address by their browsers', () => {
    expect(idOf({})).not.toBe(idOf({ socketAddress: '203.0.113.78' }))
    expect(idOf({})).not.toBe(idOf({ userAgent: 'another' }))
  })

  test('knows a v6 visitor by the /64, as the rest changes on its own', () => {
    expect(idOf({ socketAddress: '2001:db8:1:2::3' })).toBe(idOf({ socketAddress: '2001:db8:1:2:ffff::9' }))
    expect(idOf({ socketAddress: '2001:db8:1:2::3' })).not.toBe(idOf({ socketAddress: '2001:db8:1:3::3' }))
  })

  test('lengths keep site and agent apart', () => {
    // The bytes of address and agent are the same in a row; only where they part differs.
    expect(idOf({ userAgent: 'ab' }, 'shop')).not.toBe(idOf({ userAgent: 'b' }, 'shopa'))
  })

  test('is from 1 to 2^24', () => {
    const ids = Array.from({ length: 20_000 }, (_, index) => idOf({ userAgent: String(index) }))
    expect(Math.min(...ids)).toBeGreaterThanOrEqual(1)
    expect(Math.max(...ids)).toBeLessThanOrEqual(2 ** 24)
    expect(Math.max(...ids)).toBeGreaterThan(2 ** 23)
  })
})

const byte = fc.integer({ min: 0, max: 255 })
const hostByte = fc.integer({ min: 1, max: 255 })
const v4 = fc.tuple(fc.integer({ min: 1, max: 223 }), byte, byte, hostByte)
const groups = fc.array(fc.integer({ min: 0x1000, max: 0xffff }), { minLength: 7, maxLength: 7 })

function hex(high: number, low: number): string {
  return ((high << 8) | low).toString(16)
}

test('no prefix holds the host part of a v4 address, however it is wrapped', () => {
  fc.assert(
    fc.property(v4, ([a, b, c, d]) => {
      const wanted = `${a}.${b}.${c}.0`
      const dotted = `${a}.${b}.${c}.${d}`
      const turned = [a, b, c, d].map(part => part ^ 0xff) as [number, number, number, number]
      const written = [
        dotted,
        `${dotted}:65535`,
        `::ffff:${dotted}`,
        `[::ffff:${hex(a, b)}:${hex(c, d)}]:1`,
        `::ffff:0:${dotted}`,
        `::${dotted}`,
        `64:ff9b::${dotted}`,
        `2002:${hex(a, b)}:${hex(c, d)}::1`,
        `2001:0:1:2:3:4:${hex(turned[0], turned[1])}:${hex(turned[2], turned[3])}`,
      ]
      for (const text of written) {
        const client = read({ socketAddress: '127.0.0.1', forwardedFor: text })
        expect(client.prefix, text).toBe(wanted)
        expect(client.dailyId('shop', key), text).toBe(read({ socketAddress: dotted }).dailyId('shop', key))
      }
    }),
    { numRuns: 500 },
  )
})

test('no prefix holds more of a v6 address than its first 48 bits', () => {
  fc.assert(
    fc.property(groups, rest => {
      const text = `2a02:${rest.map(group => group.toString(16)).join(':')}`
      const { prefix } = read({ socketAddress: text })
      expect(prefix).toBe(`${text.split(':').slice(0, 3).join(':')}::`)
    }),
  )
})

test('whatever stands in the header, a prefix is truncated or empty', () => {
  const junk = fc.oneof(
    fc.string(),
    fc.stringMatching(/^[0-9a-fx:.,[\]% ]{0,60}$/),
    fc.ipV4Extended(),
    fc.ipV6(),
  )
  fc.assert(
    fc.property(fc.array(junk, { maxLength: 4 }), forwardedFor => {
      const { prefix } = read({ socketAddress: '127.0.0.1', forwardedFor })
      const isV4 = /^(\d{1,3}\.){3}0$/.test(prefix)
      const isV6 = /^([0-9a-f]{1,4}:){0,3}:$/.test(prefix) || /^::([0-9a-f]{1,4}:){0,2}$/.test(prefix)
      expect(
        prefix === '' || isV4 || isV6 || /^([0-9a-f]{1,4}:){0,2}[0-9a-f]{0,4}::$/.test(prefix),
        prefix,
      ).toBe(true)
    }),
    { numRuns: 3000 },
  )
})

test('ids of two sites never match, nor those of two days', () => {
  fc.assert(
    fc.property(v4, fc.string({ maxLength: 50 }), (parts, userAgent) => {
      const client = read({ socketAddress: parts.join('.'), userAgent })
      const other = Buffer.alloc(32, 2)
      const ids = [client.dailyId('shop', key), client.dailyId('blog', key), client.dailyId('shop', other)]
      // Of 24 bits two drawn ones are equal once in 5.6 million triples.
      expect(new Set(ids).size).toBe(3)
    }),
    { numRuns: 500, seed: 1 },
  )
})

test.each([
  ['5.2.128.0', true],
  ['203.0.113.0', true],
  ['2001:db8:77::', true],
  ['10.0.0.0', false],
  ['172.17.0.0', false],
  ['192.168.1.0', false],
  ['127.0.0.0', false],
  ['169.254.3.0', false],
  ['::', false],
  ['fd00:1:2::', false],
  ['fe80::', false],
  ['', false],
])('the prefix %s is of the internet: %s', (prefix, wanted) => {
  expect(isOfInternet(prefix)).toBe(wanted)
})

test('at the head of a request the address is taken, and cannot be seen', () => {
  const headers = { 'x-forwarded-for': '203.0.113.77', 'user-agent': 'agent' }
  const socket = { remoteAddress: '127.0.0.1' as string | undefined }
  const request = { headers, socket } as unknown as IncomingMessage
  const head = createClientHead({ trusted: parseTrusted(loopback), country: () => '' })(request)
  // The client went away while its body was read.
  socket.remoteAddress = undefined
  expect(head().prefix).toBe('203.0.113.0')
  expect(head().dailyId('shop', key)).toBe(read().dailyId('shop', key))
  expect(inspect(head, { showHidden: true, depth: 9 })).not.toContain('203.0')
  expect(JSON.stringify({ head })).toBe('{}')
})

/** Names of headers are lower case where Node gives them; the demo's client writes X-Forwarded-For. */
const ways =
  /ipaddr\.js|request\.ips?\b|req\.ip\b|remoteAddress|x-forwarded-for|forwardedFor|socketAddress|rawHeaders|headersDistinct/

test('no other file of the collector reads an address', () => {
  const root = join(import.meta.dirname, '..')
  const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter(
    name => name.endsWith('.ts') && !name.endsWith('.test.ts') && name !== join('http', 'client_address.ts'),
  )
  expect(files.length).toBeGreaterThan(50)
  for (const name of files) {
    expect(readFileSync(join(root, name), 'utf8'), name).not.toMatch(ways)
  }
})
