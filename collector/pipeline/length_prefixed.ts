// Several texts as one, for a hash: each behind its length, so that ('ab', 'c') and ('a', 'bc') never give the same.

const lengthBytes = 4

/** What one unit of UTF-16 is at most in UTF-8. */
const bytesOfUnit = 3

/** Each text as UTF-8, or list of bytes as it is, behind its length in bytes, 32 bits big endian. */
export function lengthPrefixed(...parts: readonly (string | readonly number[])[]): Buffer {
  let sizeMax = 0
  for (const part of parts) sizeMax += lengthBytes + bytesOfUnit * part.length
  const bytes = Buffer.allocUnsafe(sizeMax)
  let at = 0
  for (const part of parts) {
    const start = at + lengthBytes
    const length = typeof part === 'string' ? writeText(bytes, start, part) : writeBytes(bytes, start, part)
    bytes.writeUInt32BE(length, at)
    at = start + length
  }
  return bytes.subarray(0, at)
}

/** These texts are short and nearly always ASCII: a loop takes a third of the time of a call out of JavaScript. */
function writeText(bytes: Buffer, start: number, text: string): number {
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index)
    if (unit > 0x7f) return bytes.write(text, start, 'utf8')
    bytes[start + index] = unit
  }
  return text.length
}

function writeBytes(bytes: Buffer, start: number, part: readonly number[]): number {
  for (const [index, byte] of part.entries()) bytes[start + index] = byte
  return part.length
}
