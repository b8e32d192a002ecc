// Dialled numbers, from `tel:` links, in the form that the configuration writes its own numbers: digits, with + in front
// when the country is named. Which country a bare number is of, nothing here knows.

import type { Site } from '../../config/config.ts'
import type { Gate } from '../gate.ts'

/** `tel:+40-722-123-456;ext=5 → +40722123456`, `tel:0040 722 123456 → +40722123456`; '' when it is no number. */
export function dialledNumber(href: string | undefined): string {
  const written = href === undefined ? undefined : /^\s*tel:(?:\/\/)?([^;?#]*)/i.exec(href)?.[1]
  return written === undefined ? '' : plainNumber(written)
}

/** Three digits (112) to fifteen (the longest that E.164 has). Letters of vanity numbers make it no number. */
export function plainNumber(written: string): string {
  const digits = decodePlus(written).replace(/[\s.\-()/\u00a0]/g, '')
  const international = digits.replace(/^00(?=[1-9])/, '+')
  return /^\+?\d{3,15}$/.test(international) ? international : ''
}

function decodePlus(text: string): string {
  return text.replace(/%2b/gi, '+').replace(/%20/g, ' ').replace(/%28/g, '(').replace(/%29/g, ')')
}

export function isDeclaredNumber(number: string, site: Site): boolean {
  return site.numbers.includes(number)
}

/** Before consent only the site's own declared numbers; with `calls` any. */
export function dialledCell(href: string | undefined, gate: Gate, site: Site): string {
  if (gate.dialled === 'nothing') return ''
  const number = dialledNumber(href)
  return gate.dialled === 'granted' || isDeclaredNumber(number, site) ? number : ''
}
