// Undoes percent-encoding in free texts: what is encoded hides from every rule. Campaign parameters and search terms are
// often encoded twice, and titles and messages quote URLs.

import { decodeRun } from './decode_run.ts'

/** A text that is still encoded after so many rounds hides something. */
const roundsMax = 4

const ascii = /%[0-7][0-9a-f]/gi
const others = /(?:%[89a-f][0-9a-f])+/gi

/** `john%2540example.com → john@example.com`. What is no encoding stays: `100%`, `20%banana`. */
export function decodeText(text: string): string {
  let decoded = text
  for (let round = 0; decoded.includes('%'); round++) {
    const next = decoded.replace(ascii, decodeAscii).replace(others, decodeOthers)
    if (next === decoded) break
    if (round === roundsMax) return decoded.replace(ascii, '\ufffd')
    decoded = next
  }
  return decoded
}

function decodeAscii(found: string): string {
  return String.fromCharCode(Number.parseInt(found.slice(1), 16))
}

function decodeOthers(found: string): string {
  return decodeRun(found) ?? found
}
