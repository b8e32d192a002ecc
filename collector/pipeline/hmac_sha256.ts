// HMAC-SHA256 (RFC 2104) out of two one-shot hashes: 0.7 µs, where node's createHmac, which makes a stream for each, takes
// 2.8. Every request needs two. A test holds both to the same results.

import { createHmac, hash } from 'node:crypto'

const blockBytes = 64
const digestBytes = 32

/** Longer messages, such as a user agent of kilobytes, go the long way. */
const messageBytesMax = 1024

const innerPad = 0x36
const outerPad = 0x5c

/**
 * Where key and message are put together. They are wiped at once: the key of a day that is over, and an address, must be in
 * no memory. For the same reason the padded key is not kept from one call to the next.
 */
const inner = new Uint8Array(blockBytes + messageBytesMax).fill(innerPad)
const outer = Buffer.alloc(blockBytes + digestBytes, outerPad)

/** 64 hexadecimal digits. */
export function hmacSha256(key: Uint8Array, message: Uint8Array): string {
  if (key.length > blockBytes || message.length > messageBytesMax)
    return createHmac('sha256', key).update(message).digest('hex')
  for (let at = 0; at < key.length; at++) {
    const byte = key[at] ?? 0
    inner[at] = byte ^ innerPad
    outer[at] = byte ^ outerPad
  }
  inner.set(message, blockBytes)
  const end = blockBytes + message.length
  outer.write(hash('sha256', inner.subarray(0, end), 'hex'), blockBytes, 'hex')
  const digest = hash('sha256', outer, 'hex')
  inner.fill(innerPad, 0, end)
  outer.fill(outerPad)
  return digest
}
