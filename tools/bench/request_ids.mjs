// What differs in each request, as post.lua makes it: batch ids of 22 characters, page ids of 11, none used twice, and a
// part of the visitor's address. Numbers go on from the time of the start, so that two runs share none: at most 100,000
// requests a second, 64 pages each.

const batchIdLength = 22
const pageIdLength = 11

export function firstNumber() {
  return (Math.floor(Date.now() / 1000) % 100_000) * 100_000
}

/** Of a body or a header; the length does not depend on the number. */
export function fillIds(text, number) {
  let page = 0
  return text
    .replace('@BATCH@', () => String(number).padStart(batchIdLength, '0'))
    .replaceAll('@PAGE@', () => (number * 64 + ++page).toString(16).padStart(pageIdLength, '0'))
    .replace('@V4@', () => `${100 + (number % 155)}.${100 + (Math.floor(number / 155) % 155)}`)
    .replace('@V6@', () => (0x1000 + (number % 0xe000)).toString(16))
}

export function fillHeaders(headers, number) {
  const address = headers['x-forwarded-for']
  return address === undefined ? headers : { ...headers, 'x-forwarded-for': fillIds(address, number) }
}
