import { createHmac } from 'node:crypto'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { hmacSha256 as hmacOf } from './hmac_sha256.ts'

const bytes = (...pairs: readonly [byte: number, times: number][]) =>
  Buffer.concat(pairs.map(([byte, times]) => Buffer.alloc(times, byte)))
const text = (value: string) => Buffer.from(value, 'latin1')

function hmacSha256(key: Uint8Array, message: Uint8Array): string {
  return hmacOf(key, (bytes, at) => {
    if (at + message.length > bytes.length) return -1
    bytes.set(message, at)
    return at + message.length
  })
}

// RFC 4231, section 4; of case 5 the RFC gives the first 128 bits only.
test.each<[number, Buffer, Buffer, string]>([
  [
    1,
    bytes([0x0b, 20]),
    text('Hi There'),
    'b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7',
  ],
  [
    2,
    text('Jefe'),
    text('what do ya want for nothing?'),
    '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843',
  ],
  [
    3,
    bytes([0xaa, 20]),
    bytes([0xdd, 50]),
    '773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe',
  ],
  [
    4,
    Buffer.from('0102030405060708090a0b0c0d0e0f10111213141516171819', 'hex'),
    bytes([0xcd, 50]),
    '82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b',
  ],
  [5, bytes([0x0c, 20]), text('Test With Truncation'), 'a3b6167473100ee06e0c796c2955552b'],
  [
    6,
    bytes([0xaa, 131]),
    text('Test Using Larger Than Block-Size Key - Hash Key First'),
    '60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54',
  ],
  [
    7,
    bytes([0xaa, 131]),
    text(
      'This is a test using a larger than block-size key and a larger than block-size data. The key needs to be hashed before being used by the HMAC algorithm.',
    ),
    '9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2',
  ],
])('RFC 4231, case %i', (_case, key, message, wanted) => {
  expect(hmacSha256(key, message).slice(0, wanted.length)).toBe(wanted)
})

test('equal to createHmac for keys and messages of all lengths, also right after one another', () => {
  const anyBytes = (maxLength: number) => fc.uint8Array({ maxLength, size: 'max' })
  fc.assert(
    fc.property(anyBytes(100), anyBytes(6000), (key, message) => {
      expect(hmacSha256(key, message)).toBe(createHmac('sha256', key).update(message).digest('hex'))
    }),
    { numRuns: 500 },
  )
})

test.each([
  ['a short message', 20, 100],
  ['a long key', 65, 100],
  ['a message for the long way', 20, 4000],
  ['a message that needs a second try', 20, 20_000],
])('nothing of a message stays in a buffer: %s', (_name, keyBytes, messageBytes) => {
  const used = new Set<Buffer>()
  hmacOf(Buffer.alloc(keyBytes, 7), (bytes, at) => {
    used.add(bytes)
    // As much as there is room for, as a writer may that finds the end only when it is there.
    const end = Math.min(bytes.length, at + messageBytes)
    bytes.fill(0xa5, at, end)
    return end === at + messageBytes ? end : -1
  })
  expect(used.size).toBeGreaterThan(0)
  for (const bytes of used) expect(bytes.includes(Buffer.alloc(4, 0xa5))).toBe(false)
})

test('nor where it cannot be written', () => {
  const used: Buffer[] = []
  const write = (bytes: Buffer) => {
    used.push(bytes.fill(0xa5))
    throw new Error('no message')
  }
  expect(() => hmacOf(Buffer.alloc(65, 7), write)).toThrow('no message')
  expect(used.map(bytes => bytes.includes(0xa5))).toEqual([false])
})

test.each([0, 63, 64, 65])('a key of %i bytes, at the edges of a message', keyBytes => {
  const key = Buffer.alloc(keyBytes, 7)
  for (const messageBytes of [0, 1, 55, 56, 1023, 1024, 1025, 4096, 4097, 20_000]) {
    const message = Buffer.alloc(messageBytes, 9)
    expect(hmacSha256(key, message)).toBe(createHmac('sha256', key).update(message).digest('hex'))
  }
})
