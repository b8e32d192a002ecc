// The ids that go into a request, as post.lua makes them: batch ids of 22 characters, page ids of 11, none used twice. They
// go on from the time of the start, so that two runs share none: at most 100,000 requests a second, 64 pages each.

const batchIdLength = 22
const pageIdLength = 11

export function firstNumber() {
  return (Math.floor(Date.now() / 1000) % 100_000) * 100_000
}

export function fillIds(body, number) {
  let page = 0
  return body
    .replace('@BATCH@', () => String(number).padStart(batchIdLength, '0'))
    .replaceAll('@PAGE@', () => (number * 64 + ++page).toString(16).padStart(pageIdLength, '0'))
}
