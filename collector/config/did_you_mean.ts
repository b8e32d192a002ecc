// Finds what a mistyped name was meant to be, for messages such as `did you mean "mode"?`.

/** The nearest of `known` within two slips of the finger, or undefined: `didYouMean('orgins', ['origins']) → 'origins'`. */
export function didYouMean(typed: string, known: readonly string[]): string | undefined {
  const wanted = typed.toLowerCase()
  const slipsMax = Math.min(2, Math.floor(typed.length / 2))
  let best: string | undefined
  let bestSlips = slipsMax + 1
  for (const candidate of known) {
    const slips = countSlips(wanted, candidate.toLowerCase())
    if (slips < bestSlips) {
      best = candidate
      bestSlips = slips
    }
  }
  return best
}

/** Letters to insert, delete, replace or swap with their neighbour to turn one word into the other. */
function countSlips(from: string, to: string): number {
  let beforeLast: number[] = []
  let last = Array.from({ length: to.length + 1 }, (_, i) => i)
  for (let i = 1; i <= from.length; i++) {
    const row = [i]
    for (let j = 1; j <= to.length; j++) {
      const replaced = at(last, j - 1) + (from[i - 1] === to[j - 1] ? 0 : 1)
      const isSwap = i > 1 && j > 1 && from[i - 1] === to[j - 2] && from[i - 2] === to[j - 1]
      const swapped = isSwap ? at(beforeLast, j - 2) + 1 : Number.POSITIVE_INFINITY
      row.push(Math.min(at(last, j) + 1, at(row, j - 1) + 1, replaced, swapped))
    }
    beforeLast = last
    last = row
  }
  return at(last, to.length)
}

function at(row: readonly number[], index: number): number {
  return row[index] ?? 0
}
