// Chance, for k6 scripts.

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'

export function randomId(length) {
  let id = ''
  for (let i = 0; i < length; i++) id += alphabet[Math.floor(Math.random() * 64)]
  return id
}

export function pick(list) {
  return list[Math.floor(Math.random() * list.length)]
}

/** A whole number with this mean: 1.6 is 1 or 2. */
export function around(mean) {
  return Math.floor(mean) + (Math.random() < mean % 1 ? 1 : 0)
}

/** Of `[share, value]` pairs, a value in proportion to its share. */
export function pickWeighted(pairs) {
  let rest = Math.random() * pairs.reduce((sum, [share]) => sum + share, 0)
  for (const [share, value] of pairs) {
    rest -= share
    if (rest < 0) return value
  }
  return pairs[pairs.length - 1][1]
}
