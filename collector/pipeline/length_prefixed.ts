// Several texts as one, for a hash: each behind its length, so that ('ab', 'c') and ('a', 'bc') never give the same.

const lengthBytes = 4

/** Each text as UTF-8 behind its length in bytes, 32 bits big endian. */
export function lengthPrefixed(...texts: readonly string[]): Buffer {
  let size = 0
  for (const text of texts) size += lengthBytes + Buffer.byteLength(text, 'utf8')
  const bytes = Buffer.allocUnsafe(size)
  let at = 0
  for (const text of texts) {
    const length = bytes.write(text, at + lengthBytes, 'utf8')
    bytes.writeUInt32BE(length, at)
    at += lengthBytes + length
  }
  return bytes
}
