// Several texts as one, for a hash: each behind its length, so that ('ab', 'c') and ('a', 'bc') never give the same.

const lengthBytes = 4

/** What one unit of UTF-16 is at most in UTF-8. */
const bytesOfUnit = 3

/** A text as UTF-8, or bytes as they are. */
export type HashPart = string | readonly number[]

/** Each part behind its length in bytes, 32 bits big endian. */
export function lengthPrefixed(...parts: readonly HashPart[]): Buffer {
  const bytes = Buffer.allocUnsafe(sizeMax(parts))
  return bytes.subarray(0, writeLengthPrefixed(bytes, 0, parts))
}

/** The same from `at` on, without a buffer of its own; gives its end, or -1 where there may be no room. */
export function writeLengthPrefixed(bytes: Buffer, at: number, parts: readonly HashPart[]): number {
  if (at + sizeMax(parts) > bytes.length) return -1
  let end = at
  for (const part of parts) {
    const start = end + lengthBytes
    const length = typeof part === 'string' ? writeText(bytes, start, part) : writeBytes(bytes, start, part)
    bytes.writeUInt32BE(length, end)
    end = start + length
  }
  return end
}

function sizeMax(parts: readonly HashPart[]): number {
  let size = 0
  for (const part of parts) size += lengthBytes + bytesOfUnit * part.length
  return size
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
  for (let index = 0; index < part.length; index++) bytes[start + index] = part[index] ?? 0
  return part.length
}
