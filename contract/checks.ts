// The checks of single values that the hot-path validator is made of. Each gives '' when the value is good, else what
// it must be; a message is put together only for a value that fails, so a good batch allocates nothing here.
// No message holds anything of the value: what a client sent is never echoed.

/** '' is good; else the rest of a sentence that begins with the field: `must be a whole number from 0 to 999`. */
export type Message = string

export const missing: Message = 'is missing'
export const unknownField: Message = 'has a field that the contract does not know'
export const notAnObject: Message = 'must be an object'

export type Fields = Readonly<Record<string, unknown>>

export function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Whole numbers from `min` to `max`. */
export function whole(value: unknown, min: number, max: number): Message {
  return Number.isInteger(value) && (value as number) >= min && (value as number) <= max
    ? ''
    : `must be a whole number from ${min} to ${max}`
}

/** Numbers from 0 to `max`, fractions too. `1e400` is valid JSON that JavaScript reads as Infinity: it fails here. */
export function upTo(value: unknown, max: number): Message {
  return typeof value === 'number' && value >= 0 && value <= max ? '' : `must be a number from 0 to ${max}`
}

/** Strings of at most `max` characters. */
export function text(value: unknown, max: number): Message {
  return typeof value === 'string' && hasAtMost(value, max)
    ? ''
    : `must be a string of at most ${max} characters`
}

/** Strings of 1 to `max` characters. */
export function name(value: unknown, max: number): Message {
  return typeof value === 'string' && value !== '' && hasAtMost(value, max)
    ? ''
    : `must be a string of 1 to ${max} characters`
}

export function oneOf(value: unknown, values: readonly string[]): Message {
  return typeof value === 'string' && values.includes(value) ? '' : `must be one of ${values.join(', ')}`
}

/** Exactly `length` characters of base64url: A–Z, a–z, 0–9, `-` and `_`. */
export function base64url(value: unknown, length: number): Message {
  return typeof value === 'string' && value.length === length && isBase64url(value)
    ? ''
    : `must be ${length} characters of base64url`
}

/** Two whole numbers, each from `min` to `max`. */
export function pair(value: unknown, min: number, max: number): Message {
  return Array.isArray(value) &&
    value.length === 2 &&
    whole(value[0], min, max) === '' &&
    whole(value[1], min, max) === ''
    ? ''
    : `must be two whole numbers from ${min} to ${max}`
}

/** Two capital letters. */
export function countryCode(value: unknown): Message {
  return typeof value === 'string' && value.length === 2 && isCapital(value, 0) && isCapital(value, 1)
    ? ''
    : 'must be two capital letters'
}

/**
 * Characters are code points, as JSON Schema counts them: '𝒳' is one character although JavaScript's length says 2, and
 * half of a pair by itself is one. Most strings are decided by their length alone, without a look at a character.
 */
function hasAtMost(value: string, max: number): boolean {
  const units = value.length
  if (units <= max) return true
  if (units > 2 * max) return false
  let points = units
  for (let i = 1; i < units; i++) {
    if (isLowSurrogate(value.charCodeAt(i)) && isHighSurrogate(value.charCodeAt(i - 1))) points--
  }
  return points <= max
}

function isHighSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdbff
}

function isLowSurrogate(unit: number): boolean {
  return unit >= 0xdc00 && unit <= 0xdfff
}

function isBase64url(value: string): boolean {
  for (let i = 0; i < value.length; i++) {
    const unit = value.charCodeAt(i)
    const isLetter = (unit >= 97 && unit <= 122) || (unit >= 65 && unit <= 90)
    if (!isLetter && !(unit >= 48 && unit <= 57) && unit !== 45 && unit !== 95) return false
  }
  return true
}

function isCapital(value: string, index: number): boolean {
  const unit = value.charCodeAt(index)
  return unit >= 65 && unit <= 90
}
