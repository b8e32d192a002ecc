// Paths of URLs: written in one way, then cleaned segment by segment.

import { decodeRun } from './decode_run.ts'
import { removePersonal } from './remove_personal.ts'
import { cut, tidy } from './tidy.ts'

/** Characters of a stored path. */
export const pathMax = 512

/** A path that is still encoded after so many rounds hides something. */
const decodeRoundsMax = 4

/** `/user/john%40example.com//edit;jsessionid=1 → /user/:email/edit` */
export function scrubPath(pathname: string): string {
  return cleanPath(normalisePath(pathname))
}

/**
 * One spelling for one page: percent-encoding undone (also where it was done twice), backslashes and repeated slashes
 * made one slash, and what a path should not hold (a query that was encoded into it, `;jsessionid=…`) left out.
 */
export function normalisePath(pathname: string): string {
  const path = tidy(decode(pathname)).replace(/[?#].*$/s, '')
  const segments = path.split(/[/\\]+/).map(segment => segment.replace(/;.*$/s, '').trim())
  const joined = segments.join('/').replace(/\/{2,}/g, '/')
  return joined.startsWith('/') ? joined : `/${joined}`
}

/** Removes what is personal from a path that `normalisePath` gave. */
export function cleanPath(path: string): string {
  return cut(path.split('/').map(removePersonal).join('/'), pathMax)
}

/** `%2540 → %40 → @`. Bytes that are no UTF-8 become U+FFFD, as browsers show them. */
function decode(text: string): string {
  let decoded = text
  for (let round = 0; decoded.includes('%'); round++) {
    const next = decoded.replace(/(?:%[0-9a-f]{2})+/gi, run => decodeRun(run) ?? '\ufffd')
    if (next === decoded) break
    decoded = round < decodeRoundsMax ? next : next.replace(/%[0-9a-f]{2}/gi, '\ufffd')
  }
  return decoded
}
