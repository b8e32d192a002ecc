// Bytes on a connection of their own: whole requests cut, flipped, spliced and put behind one another. The batch in them is
// of the strict site and without consent, so whatever comes of it, no event of it is kept.

import type { Random } from '../../collector/commands/demo_random.ts'
import { oddRequests } from '../faults/abuse/odd_requests.ts'
import { sampleBatch } from '../testing/sample_batch.ts'
import { plantedHeaders } from './headers.ts'
import { bytesOf } from './request.ts'
import { exempt, origin } from './sites.ts'
import { one, plant } from './values.ts'

type Make = (random: Random) => Buffer

const get = (path: string) => Buffer.from(`GET ${path} HTTP/1.1\r\nhost: a\r\n\r\n`)

const shapes: readonly Make[] = [
  random => cut(post(random), random),
  random => flip(post(random), random),
  random => Buffer.concat(Array.from({ length: random.whole(2, 16) }, () => post(random))),
  random => Buffer.concat([post(random), get('/healthz'), junk(random)]),
  random => Buffer.concat([post(random), Buffer.from(plant(random)), post(random)]),
  random =>
    Buffer.concat(
      Array.from({ length: 30 }, () => get(one(random, ['/healthz', '/privacy', '/x', '/lightfoot.js']))),
    ),
  junk,
  random => Buffer.from(one(random, oddRequests)[1], 'latin1'),
  random => chunked(post(random), random),
  random =>
    Buffer.from(
      post(random)
        .toString('latin1')
        .replaceAll('\r\n', one(random, ['\n', '\r', '\r\n\r\n', '\r\n '])),
      'latin1',
    ),
  random =>
    Buffer.from(
      post(random)
        .toString('latin1')
        .replace(/content-length: \d+/, `content-length: ${one(random, lengths)}`),
      'latin1',
    ),
]

const lengths = ['0', '1', '-1', '99999', '0x10', '1e3', ' ', '18446744073709551616', '5, 5', '70000']

export function rawBytes(random: Random): Buffer {
  return one(random, shapes)(random)
}

function post(random: Random): Buffer {
  const batch = { ...sampleBatch('strict', origin, 2, `/p/${plant(random)}`), consent: exempt }
  const headers = plantedHeaders(random)
  return bytesOf({
    method: 'POST',
    path: '/v1/events',
    headers,
    body: Buffer.from(JSON.stringify(batch)),
    wanted: { statuses: [] },
  })
}

function cut(bytes: Buffer, random: Random): Buffer {
  return bytes.subarray(0, random.whole(0, bytes.length - 1))
}

function flip(bytes: Buffer, random: Random): Buffer {
  for (let left = random.whole(1, 4); left > 0; left--) {
    const at = random.whole(0, bytes.length - 1)
    bytes.writeUInt8(bytes.readUInt8(at) ^ (1 << random.whole(0, 7)), at)
  }
  return bytes
}

function junk(random: Random): Buffer {
  return Buffer.from(Array.from({ length: random.whole(1, 300) }, () => random.whole(0, 255)))
}

/** The same body in chunks of any size, some of which are not what they say. */
function chunked(bytes: Buffer, random: Random): Buffer {
  const [head = '', body = ''] = bytes.toString('latin1').split('\r\n\r\n')
  const parts: string[] = []
  for (let at = 0; at < body.length; ) {
    const size = random.whole(1, 200)
    const part = body.slice(at, at + size)
    parts.push(`${part.length.toString(16)}${one(random, ['', '', '', ';a=b', ' '])}\r\n${part}\r\n`)
    at += size
  }
  const end = one(random, ['0\r\n\r\n', '0\r\n\r\n', '0\r\nx: y\r\n\r\n', '', 'g\r\n'])
  const without = head.replace(/content-length: \d+/, 'transfer-encoding: chunked')
  return Buffer.from(`${without}\r\n\r\n${parts.join('')}${end}`, 'latin1')
}
