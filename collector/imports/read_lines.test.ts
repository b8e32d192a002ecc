import { expect, test } from 'vitest'
import { lineCharactersMax, readLines } from './read_lines.ts'

/** In pieces of so many bytes, that cut lines and characters. */
async function linesOf(text: string, bytes: number): Promise<(string | undefined)[]> {
  const all = Buffer.from(text)
  async function* pieces() {
    for (let at = 0; at < all.length; at += bytes) yield all.subarray(at, at + bytes)
  }
  const lines: (string | undefined)[] = []
  for await (const { number, text } of readLines(pieces())) {
    lines.push(text)
    expect(number).toBe(lines.length)
  }
  return lines
}

const long = 'x'.repeat(lineCharactersMax + 1)

test.each<[string, string, (string | undefined)[]]>([
  ['nothing', '', []],
  ['one without an end', 'ä', ['ä']],
  ['both kinds of ends, empty lines', 'ä\r\n\nöü\n', ['ä', '', 'öü']],
  ['the longest', `${long.slice(1)}\nb`, [long.slice(1), 'b']],
  ['one too long', `a\n${long}\nb\n`, ['a', undefined, 'b']],
  ['one that has no end', `a\n${long.repeat(9)}`, ['a', undefined]],
])('%s', async (_name, text, wanted) => {
  for (const bytes of [1, 7, 4096, 1_000_000]) expect(await linesOf(text, bytes)).toEqual(wanted)
})
