// A good batch behind heads that are good, odd or wrong.

import { gzipSync } from 'node:zlib'
import type { Random } from '../../collector/commands/demo_random.ts'
import { sampleAgent } from '../testing/sample_batch.ts'
import { taken } from './oracle.ts'
import type { Headers } from './request.ts'
import { origin } from './sites.ts'
import { one, plant } from './values.ts'

/** Headers to change, the body if it changes too, and what is answered. */
export type Head = {
  readonly headers: Headers
  readonly body?: Buffer
  readonly statuses: readonly number[]
  readonly isNodes?: boolean
}

type Make = (body: Buffer, random: Random) => Head

const bomb = gzipSync(Buffer.alloc(20_000_000))
const nothing = gzipSync('')

const type =
  (written: string | undefined, status: number): Make =>
  () => ({ headers: { 'content-type': written }, statuses: [status] })
const from =
  (written: string | undefined, status: number): Make =>
  () => ({ headers: { origin: written }, statuses: [status] })
const packed =
  (pack: (body: Buffer) => Buffer, statuses: readonly number[], encoding = 'gzip'): Make =>
  body => ({ headers: { 'content-encoding': encoding }, body: pack(body), statuses })

const heads: readonly Make[] = [
  type('application/json', taken),
  type('TEXT/PLAIN', taken),
  type(' text/plain ; charset="x;y"', taken),
  type(undefined, 415),
  type('', 415),
  type('multipart/form-data; boundary=text/plain', 415),
  type('application/json+text/plain', 415),
  (_body, random) => ({ headers: { 'content-type': `text/${line(plant(random))}` }, statuses: [415] }),
  packed(gzipSync, [taken]),
  packed(gzipSync, [taken], 'GZIP '),
  packed(body => Buffer.concat([gzipSync(body.subarray(0, 20)), gzipSync(body.subarray(20))]), [taken]),
  packed(body => Buffer.concat([gzipSync(body), Buffer.from('junk behind')]), [taken, 400]),
  packed(body => gzipSync(gzipSync(body)), [400]),
  packed(body => gzipSync(body).subarray(0, -5), [400]),
  packed(body => gzipSync(body).fill(7, 12, 20), [400]),
  packed(body => body, [400]),
  packed(() => Buffer.alloc(0), [400]),
  packed(() => nothing, [400]),
  packed(() => bomb, [413]),
  packed(body => body, [taken], 'identity'),
  packed(body => body, [415], 'gzip, gzip'),
  packed(body => body, [415], 'deflate'),
  (_body, random) => ({ headers: { 'content-encoding': line(plant(random)) }, statuses: [415] }),
  from('https://www.example.com:443', taken),
  from('HTTPS://WWW.Example.com', taken),
  from('https://a.b.tenants.example.com', taken),
  from('https://tenants.example.com', 403),
  from('https://www.example.com.evil.example', 403),
  from('http://www.example.com', 403),
  from('https://www.example.com:8443', 403),
  from('null', 403),
  from('https://[::1', 403),
  from('https://%00.example', 403),
  from('x'.repeat(9000), 403),
  (_body, random) => ({ headers: { origin: `https://${line(plant(random))}.example` }, statuses: [403] }),
  () => ({ headers: { origin: undefined, referer: undefined }, statuses: [403] }),
  () => ({ headers: { origin: undefined, referer: `${origin}/a?b=c` }, statuses: [taken] }),
  () => ({
    headers: { origin: undefined, referer: 'https://www.example.com@evil.example/' },
    statuses: [403],
  }),
  (_body, random) => ({ headers: { 'user-agent': random.chance(0.5) ? undefined : '' }, statuses: [taken] }),
  (_body, random) => ({ headers: { 'user-agent': bytes(random) }, statuses: [taken] }),
  (_body, random) => ({
    headers: { 'user-agent': `${sampleAgent} (`.repeat(random.whole(1, 60)) },
    statuses: [taken],
  }),
  () => ({ headers: { 'user-agent': 'Mozilla/5.0 (compatible; Googlebot/2.1)' }, statuses: [taken] }),
  () => ({ headers: { 'user-agent': 'x'.repeat(17_000) }, statuses: [431], isNodes: true }),
  () => ({ headers: { cookie: `${'a=b; '.repeat(2000)}lightfoot_off=1` }, statuses: [taken] }),
  () => ({ headers: { 'x-a': 'a\u0001b' }, statuses: [400], isNodes: true }),
  () => ({ headers: manyHeaders, statuses: [taken, 403, 415, 431], isNodes: true }),
  () => ({
    headers: { __proto__: 'x', constructor: 'x', 'content-type': 'text/plain', tostring: 'x' },
    statuses: [taken],
  }),
  () => ({ headers: { 'transfer-encoding': 'gzip' }, statuses: [400], isNodes: true }),
  () => ({ headers: { expect: 'x' }, statuses: [417] }),
  (_body, random) => ({ headers: { expect: line(plant(random)) }, statuses: [417] }),
  () => ({ headers: { expect: '100-continue' }, statuses: [taken] }),
]

/** Behind the good ones: from the hundredth on Node 20 sees none, and Node 24 refuses. */
const manyHeaders = Object.fromEntries(Array.from({ length: 120 }, (_, n) => [`x-${n}`, '1']))

export function oddHead(body: Buffer, random: Random): Head {
  return one(random, heads)(body, random)
}

/** Latin-1 without what ends a line. */
function line(text: string): string {
  return text.replace(/[^\x20-\x7e]/g, '@').trim()
}

function bytes(random: Random): string {
  return String.fromCharCode(...Array.from({ length: 200 }, () => random.whole(0x80, 0xff)))
}
