// Free texts: titles, names, messages, search terms, properties. One line, one spelling of each character, nothing
// personal, bounded.

import { limits } from '../../../contract/limits.ts'
import { decodeText } from './decode_text.ts'
import { parseWebUrl } from './parse_web_url.ts'
import { removePersonal } from './remove_personal.ts'
import { scrubHost } from './scrub_host.ts'
import { scrubPath } from './scrub_path.ts'
import { cut, tidy } from './tidy.ts'

const link = /\b[a-z][a-z0-9+.-]{1,15}:\/\/[^\s"'<>()]{1,2048}/gi
const query = /\?[^\s?=]{1,100}=\S{0,2048}/g

/** At most `lengthMax` UTF-16 units; texts that are cut end at a whole character. */
export function scrubText(text: string, lengthMax: number): string {
  if (text === '') return ''
  let rest = tidy(decodeText(text))
  if (rest.includes('://')) rest = rest.replace(link, scrubLink)
  if (rest.includes('?')) rest = rest.replace(query, '')
  return cut(removePersonal(rest), lengthMax)
}

/** What people search for is compared without regard to case, so `Shoes` and `shoes` are one line of a report. */
export function scrubTerm(term: string): string {
  return scrubText(term, limits.termMax).toLowerCase()
}

/** Messages of errors quote data: `"…" is not valid JSON`. What is quoted stays only when it is a plain name. */
export function scrubMessage(message: string): string {
  return scrubText(message.replace(/(["'`])((?:(?!\1).){0,500})\1/gs, scrubQuoted), limits.messageMax)
}

function scrubQuoted(quoted: string, mark: string, inside: string): string {
  return /^[A-Za-z_$][\w$.]{0,39}$/.test(inside) ? quoted : `${mark}...${mark}`
}

function scrubLink(found: string): string {
  // A text may be full of what only looks like a link, and each would cost an exception.
  const url = URL.canParse(found) ? parseWebUrl(found) : undefined
  return url === undefined ? ':url' : scrubHost(url.host) + scrubPath(url.pathname)
}
