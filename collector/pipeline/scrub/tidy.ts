// One spelling for one text, and a bound, before any rule looks at it.

/**
 * Control characters and runs of spaces become one space; invisible ones (soft hyphen, zero width, direction marks)
 * go, as they would hide an e-mail address from every rule; full-width and other look-alikes become plain (NFKC).
 */
export function tidy(text: string): string {
  const plain = /[^\x20-\x7e]/.test(text) ? spell(text) : text
  return (plain.includes('  ') ? plain.replace(/ {2,}/g, ' ') : plain).trim()
}

function spell(text: string): string {
  return text
    .normalize('NFKC')
    .replace(/\p{Cf}+/gu, '')
    .replace(/[\p{Cc}\p{Z}]+/gu, ' ')
    .replace(/\p{Cs}/gu, '\ufffd')
}

/** Cuts to at most `lengthMax` units, never through a surrogate pair. */
export function cut(text: string, lengthMax: number): string {
  if (text.length <= lengthMax) return text
  const last = text.charCodeAt(lengthMax - 1)
  return text.slice(0, last >= 0xd800 && last <= 0xdbff ? lengthMax - 1 : lengthMax)
}
