// The lines of a file as they come, each with its number, and how much of the file was read. One line is in memory at a time,
// and a line has a bound: what has no end is no line of a list of calls.

export type Line = {
  /** From 1. */
  readonly number: number
  /** Without its end; undefined where it is longer than `lineCharactersMax`. */
  readonly text: string | undefined
}

export const lineCharactersMax = 4096

export async function* readLines(source: AsyncIterable<Uint8Array>): AsyncGenerator<Line> {
  const decoder = new TextDecoder()
  let rest = ''
  let number = 0
  let isTooLong = false

  function line(text: string): Line {
    const whole = isTooLong || text.length > lineCharactersMax ? undefined : text.replace(/\r$/, '')
    isTooLong = false
    return { number: ++number, text: whole }
  }

  for await (const piece of source) {
    const lines = (rest + decoder.decode(piece, { stream: true })).split('\n')
    rest = lines.pop() ?? ''
    for (const text of lines) yield line(text)
    if (rest.length > lineCharactersMax) {
      isTooLong = true
      rest = ''
    }
  }
  rest += decoder.decode()
  if (rest !== '' || isTooLong) yield line(rest)
}
