// The only file that ever sees a full address. It takes what the request's head says and gives back the truncated prefix,
// the country, and a function that makes the id of the day; the address itself stays in that function's closure and ends
// with the request. In doubt there is no address: that beats an unmasked one.

import type { IncomingMessage } from 'node:http'
import ipaddr from 'ipaddr.js'
import { hmacSha256 } from '../pipeline/hmac_sha256.ts'
import { writeLengthPrefixed } from '../pipeline/length_prefixed.ts'
import type { Client } from '../pipeline/stages.ts'

type Address = ipaddr.IPv4 | ipaddr.IPv6

/** Is the peer one whose X-Forwarded-For is believed? Made by `parseTrusted`. */
export type Trusted = (address: Address) => boolean

export type ClientFacts = {
  readonly socketAddress: string
  /** X-Forwarded-For; several headers as one list, in their order. Empty or absent: there is none. */
  readonly forwardedFor: string | readonly string[] | undefined
  readonly userAgent: string
  readonly trusted: Trusted
  /** ISO code of a truncated address. */
  readonly country: (prefix: string) => string
}

/** What a request's head says of its client, closed: whoever holds it can ask for the client and sees no address. */
export type ClientHead = () => Client

/**
 * To be called at the head of a request: when a client goes away while its body is read, the socket forgets the address. The
 * client is made when it is asked for, as most requests that are refused never need it.
 */
export function createClientHead({ trusted, country }: Pick<ClientFacts, 'trusted' | 'country'>) {
  return (request: IncomingMessage): ClientHead => {
    const socketAddress = request.socket.remoteAddress ?? ''
    const forwardedFor = request.headers['x-forwarded-for']
    const userAgent = request.headers['user-agent'] ?? ''
    return () => readClient({ socketAddress, forwardedFor, userAgent, trusted, country })
  }
}

/** Networks of one machine or house, which the internet does not carry. */
const ownRanges: ReadonlySet<string> = new Set([
  'loopback',
  'private',
  'uniqueLocal',
  'linkLocal',
  'unspecified',
])

/**
 * Is the truncated prefix one of the internet? Of a private network it is an intranet's or, more often, that of a proxy that
 * nobody has named as trusted, behind which all visitors of a site look alike. Without a prefix nothing is known.
 */
export function isOfInternet(prefix: string): boolean {
  const address = parseAddress(prefix)
  return address !== undefined && !ownRanges.has(address.range())
}

/** Proxies in a row; what is longer was not written by them. */
const hopsMax = 32

const nobodysRanges: ReadonlySet<string | undefined> = new Set(['unspecified', 'broadcast', 'multicast'])
const nobody: Client = { prefix: '', country: '', dailyId: () => 0 }

export function readClient({
  socketAddress,
  forwardedFor,
  userAgent,
  trusted,
  country,
}: ClientFacts): Client {
  const list = typeof forwardedFor === 'string' ? forwardedFor : (forwardedFor ?? []).join(',')
  const address = clientAddress(socketAddress, list, trusted)
  const range = address?.range()
  if (address === undefined || nobodysRanges.has(range)) return nobody
  const prefix = truncateAddress(address)
  return {
    prefix,
    // The table has entries for private and documentation networks too (192.168.1.0 is in Australia), which mean nothing.
    country: range === 'unicast' ? country(prefix) : '',
    dailyId: (siteId, key) => dailyId(siteId, address, userAgent, key),
  }
}

/** `['10.0.0.0/8', '::1']` → a test of addresses. Throws RangeError for what is neither a CIDR nor an address. */
export function parseTrusted(cidrs: readonly string[]): Trusted {
  const ranges = cidrs.map(parseRange)
  return address =>
    ranges.some(([network, bits]) => network.kind() === address.kind() && address.match(network, bits))
}

function parseRange(cidr: string): readonly [Address, number] {
  const [text = '', bits, ...rest] = cidr.trim().split('/')
  const network = parseAddress(text)
  const width = network?.kind() === 'ipv4' ? 32 : 128
  const length = bits === undefined ? width : /^\d{1,3}$/.test(bits) ? Number(bits) : -1
  if (network === undefined || rest.length > 0 || length < 0 || length > width) {
    throw new RangeError('must be a list of networks such as 10.0.0.0/8,fd00::/8')
  }
  return [network, length]
}

/**
 * The list is read from its right end, where the nearest proxy wrote, and only for as long as each writer is trusted: what
 * stands further left may be the client's own invention. A trusted proxy that wrote what cannot be read means no address.
 */
function clientAddress(socketAddress: string, list: string, trusted: Trusted): Address | undefined {
  let address = parseAddress(socketAddress)
  let rest = list
  for (let hop = 0; address !== undefined && rest !== '' && trusted(address); hop++) {
    if (hop === hopsMax) return undefined
    const comma = rest.lastIndexOf(',')
    address = parseAddress(withoutPort(rest.slice(comma + 1).trim()))
    rest = rest.slice(0, Math.max(comma, 0))
  }
  return address
}

/** `203.0.113.7:1234 → 203.0.113.7`, `[2001:db8::1]:443 → 2001:db8::1`; `2001:db8::1:443` is an address without a port. */
function withoutPort(text: string): string {
  const bracketed = /^\[([^[\]]*)\](?::\d{1,5})?$/.exec(text)
  if (bracketed !== null) return bracketed[1] ?? ''
  return text.includes('.') ? text.replace(/^([\d.]+):\d{1,5}$/, '$1') : text
}

/**
 * Only what is written in full: `127.1`, `0x7f.0.0.1` and `0177.0.0.1` are read differently by different programs, so they
 * are no addresses here. A zone (`fe80::1%eth0`) says which network card of this machine, and goes.
 */
function parseAddress(written: string): Address | undefined {
  // The pattern has said all that ipaddr's own parser would look for.
  if (fourParts.test(written)) return new ipaddr.IPv4(written.split('.').map(Number))
  const text = written.replace(/%[\w.~-]{1,64}$/, '')
  if (!/^[0-9a-f:.]{2,45}$/i.test(text) || !text.includes(':')) return undefined
  const tail = text.slice(text.lastIndexOf(':') + 1)
  if (tail.includes('.') && !fourParts.test(tail)) return undefined
  try {
    // Not isValid first: it parses as well, and a good address is the rule.
    return unwrap(ipaddr.IPv6.parse(text))
  } catch {
    return undefined
  }
}

const octet = '(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)'
const fourParts = new RegExp(`^${octet}(?:\\.${octet}){3}$`)

/**
 * An IPv4 address inside an IPv6 one is masked as IPv4. Otherwise /48 would keep it whole: `2002:cb00:714d::` is 6to4 of
 * 203.0.113.77 and holds all of it in its first 48 bits.
 */
function unwrap(address: ipaddr.IPv6): Address {
  const bytes = address.toByteArray()
  const isZero = (from: number, to: number) => bytes.slice(from, to).every(byte => byte === 0)
  const startsWith = (...start: readonly number[]) => start.every((byte, index) => bytes[index] === byte)
  // ::ffff:203.0.113.77 (RFC 4291), and ::ffff:0:203.0.113.77 (RFC 2765).
  if (isZero(0, 10) && bytes[10] === 0xff && bytes[11] === 0xff) return v4Of(bytes.slice(12))
  if (isZero(0, 8) && bytes[8] === 0xff && bytes[9] === 0xff && isZero(10, 12)) return v4Of(bytes.slice(12))
  // 6to4 (RFC 3056): 2002:cb00:714d:: → 203.0.113.77.
  if (startsWith(0x20, 0x02)) return v4Of(bytes.slice(2, 6))
  // Teredo (RFC 4380): the client's address is at the end, its bits turned over.
  if (startsWith(0x20, 0x01, 0, 0)) return v4Of(bytes.slice(12).map(byte => byte ^ 0xff))
  // NAT64 (RFC 6052): 64:ff9b::203.0.113.77.
  if (startsWith(0, 0x64, 0xff, 0x9b) && isZero(4, 12)) return v4Of(bytes.slice(12))
  // v4-compatible, long out of use: ::203.0.113.77. The unspecified address and loopback are not of that kind.
  if (isZero(0, 12) && !isZero(12, 14)) return v4Of(bytes.slice(12))
  return address
}

function v4Of(bytes: readonly number[]): ipaddr.IPv4 {
  return new ipaddr.IPv4([...bytes])
}

/** IPv4 to /24, IPv6 to /48: `203.0.113.77 → 203.0.113.0`, `2001:db8:1:2::3 → 2001:db8:1::`. */
function truncateAddress(address: Address): string {
  const bytes = address.toByteArray()
  if (address.kind() === 'ipv4') return `${bytes[0]}.${bytes[1]}.${bytes[2]}.0`
  return new ipaddr.IPv6(bytes.map((byte, index) => (index < 6 ? byte : 0))).toRFC5952String()
}

/**
 * A pseudonym for one site and one day: HMAC-SHA256 over site, full IPv4 address or IPv6 /64 (the rest changes on its own)
 * and user agent, each behind its length, cut to 24 bits. With so few bits many people share each id in principle, so an
 * id says nothing once the key is gone. 1 to 2^24; 0 stands for none.
 */
function dailyId(siteId: string, address: Address, userAgent: string, key: Buffer): number {
  const named = [siteId, address.toByteArray().slice(0, 8), userAgent]
  const digest = hmacSha256(key, (bytes, at) => writeLengthPrefixed(bytes, at, named))
  return Number.parseInt(digest.slice(0, 6), 16) + 1
}
