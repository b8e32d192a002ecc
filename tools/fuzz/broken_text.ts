// A good batch as text, broken as text: cut, spliced, with numbers and bytes that JSON does not have, with keys twice.

import type { Random } from '../../collector/commands/demo_random.ts'
import { limits } from '../../contract/limits.ts'
import { oddNumbers, oddText, one, plant } from './values.ts'

type Break = (text: string, random: Random) => string | Buffer

const breaks: readonly Break[] = [
  (text, random) => text.slice(0, place(text, random)),
  (text, random) => text.slice(place(text, random)),
  (text, random) => splice(text, random, 1 + random.whole(0, 20), ''),
  (text, random) => splice(text, random, 0, ` ${plant(random)} `),
  (text, random) =>
    splice(text, random, 0, one(random, ['"', '\\', '\u0000', '{', '}', '[', ']', ',', ':', '\n', '\ufeff'])),
  (text, random) =>
    splice(text, random, 1, one(random, ['"', "'", '`', '\u201c', '\\u', '\\ud800', '\\x41', '\\u0000'])),
  oddNumber,
  oddNumber,
  oddNumber,
  (text, random) =>
    Buffer.concat([Buffer.from(text.slice(0, 40)), randomBytes(random), Buffer.from(text.slice(40))]),
  invalidByte,
  text => Buffer.from(text, 'utf16le'),
  text => `\ufeff${text}`,
  text => `${text}${text}`,
  text => `${text},`,
  (text, random) => `${text}${one(random, ['\n\n', ' ', '\0', '//', '/* */', 'x'])}`,
  text => text.replaceAll('"', "'"),
  text => text.replace('{', '{/* a comment */'),
  text => text.replace('}', ',}'),
  (text, random) => text.replace('"site":', `"site":${JSON.stringify(plant(random))},"site":`),
  (text, random) => text.replace('"v":1', `"v":1,"${one(random, keys)}":${JSON.stringify(plant(random))}`),
  (text, random) =>
    text.replace(
      '"consent":{',
      `"consent":{"__proto__":{"level":"granted","x":${JSON.stringify(plant(random))}},`,
    ),
  (text, random) => text.replace('"type":', `"__proto__":null,"${one(random, keys)}":1,"type":`),
  (text, random) => text.replace(/"batch":"[^"]*"/, `"batch":${JSON.stringify(oddText(random))}`),
  text => text.replaceAll(/[{,]/g, '$& \n\t\r'),
  text => text.replaceAll(/[a-z]/g, letter => (letter < 'n' ? letter : unicodeEscape(letter))),
  (_text, random) =>
    one(random, ['[', '{"a":', '"', '-', '1e', 'nul', '{"v":']).repeat(one(random, [1, 1000, 10_000])),
  (_text, random) => randomBytes(random),
  (_text, random) => plant(random),
  () => '',
]

const keys = [
  '__proto__',
  'constructor',
  'toString',
  'v',
  'V',
  'events',
  'zqcanary',
  '',
  '\\u0076',
  'valueOf',
  'hasOwnProperty',
]

/** At most the limit of a body, so that the text itself is what is wrong. */
export function brokenText(text: string, random: Random): Buffer {
  const broken = one(random, breaks)(text, random)
  return Buffer.from(broken as string).subarray(0, limits.bodyBytesMax)
}

/** One of the numbers of the text becomes another. */
function oddNumber(text: string, random: Random): string {
  const numbers = [...text.matchAll(/(?<=[:[,])-?\d[\d.e+-]*(?=[,\]}])/g)]
  const { index = 0, 0: number = '' } = numbers.length === 0 ? { index: 0, 0: '' } : one(random, numbers)
  return text.slice(0, index) + one(random, oddNumbers) + text.slice(index + number.length)
}

/** Bytes that are no UTF-8, in the middle of a text: an overlong NUL, half a character, a surrogate, what is past Unicode. */
function invalidByte(text: string, random: Random): Buffer {
  const at = place(text, random)
  const bytes = one(
    random,
    ['c080', 'e28', 'eda080', 'f4908080', 'ff', 'fe', '80', 'c3'].map(hex => Buffer.from(hex, 'hex')),
  )
  return Buffer.concat([Buffer.from(text.slice(0, at)), bytes, Buffer.from(text.slice(at))])
}

function randomBytes(random: Random): Buffer {
  return Buffer.from(Array.from({ length: random.whole(1, 60) }, () => random.whole(0, 255)))
}

function place(text: string, random: Random): number {
  return random.whole(0, text.length - 1)
}

function splice(text: string, random: Random, remove: number, add: string): string {
  const at = place(text, random)
  return text.slice(0, at) + add + text.slice(at + remove)
}

function unicodeEscape(letter: string): string {
  return `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`
}
