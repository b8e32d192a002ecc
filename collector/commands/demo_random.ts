// Repeatable randomness for the demo's traffic: the same seed gives the same visits, byte for byte.

export type Random = {
  /** From 0 up to, not including, 1. */
  next(): number
  /** A whole number from `min` to `max`, both included. */
  whole(min: number, max: number): number
  chance(probability: number): boolean
  /** One of the entries, each as likely as its weight says. */
  pick<T extends Weighted>(entries: readonly T[]): T
  /** Log-normal, as times on pages are: half of all values are below the median. `spread` 0.5 is narrow, 1 wide. */
  around(median: number, spread: number): number
  /** `bytes` random bytes in base64url. */
  id(bytes: number): string
}

export type Weighted = { readonly weight: number }

export function createRandom(seed: number): Random {
  let state = seed >>> 0

  /** mulberry32, by Tommy Ettinger: 32 bits of state are plenty for a few thousand visits. */
  function next(): number {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }

  function whole(min: number, max: number): number {
    return min + Math.floor(next() * (max - min + 1))
  }

  function pick<T extends Weighted>(entries: readonly T[]): T {
    let left = next() * entries.reduce((sum, { weight }) => sum + weight, 0)
    for (const entry of entries) {
      left -= entry.weight
      if (left < 0) return entry
    }
    const last = entries.at(-1)
    if (last === undefined) throw new Error('nothing to pick from')
    return last
  }

  /** Box and Muller's way from uniform to normal. */
  function around(median: number, spread: number): number {
    const normal = Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next())
    return median * Math.exp(spread * normal)
  }

  const id = (bytes: number) =>
    Buffer.from(Array.from({ length: bytes }, () => whole(0, 255))).toString('base64url')

  return { next, whole, chance: probability => next() < probability, pick, around, id }
}
