// Several texts as one, for a hash: each behind its length, so that ('ab', 'c') and ('a', 'bc') never give the same.

/** Each text as UTF-8 behind its length in bytes, 32 bits big endian. */
export function lengthPrefixed(...texts: readonly string[]): Buffer {
  const parts: Buffer[] = []
  for (const text of texts) {
    const bytes = Buffer.from(text, 'utf8')
    const length = Buffer.allocUnsafe(4)
    length.writeUInt32BE(bytes.length)
    parts.push(length, bytes)
  }
  return Buffer.concat(parts)
}
