// Phone numbers, card numbers, account and identity numbers: long runs of digits, also with the marks that people write
// between them. Short numbers stay, because `/product/1234567` is what a report is about; from nine digits on a number
// may be a person's, so it goes. Dates stay.

const run = /\+?\(?\p{Nd}(?:[ .\-()\u00a0\u2010-\u2015]{0,2}\p{Nd}){6,}/gu

const digitsMax = 8

/** 2024-01-31, 20240131, 2024.01.31 */
const date = /^(?:19|20)\d\d([-.]?)(?:0[1-9]|1[0-2])\1(?:0[1-9]|[12]\d|3[01])$/

export function removeNumbers(text: string): string {
  return text.replace(run, replace)
}

function replace(found: string): string {
  const digits = found.replace(/\P{Nd}/gu, '')
  if (found.startsWith('+') || digits.startsWith('00')) return ':phone'
  if (date.test(found)) return found
  if (digits.length > digitsMax) return ':number'
  const isWrittenAsPhone = digits.startsWith('0') || digits.length !== found.length
  return isWrittenAsPhone ? ':phone' : found
}
