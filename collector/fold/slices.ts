// A large day is folded in slices, so that memory and the time of one statement stay bounded. A slice holds all rows of its
// visitors, because visitors are counted once; who has no id is counted by pages, so there it holds all rows of its pages.
// Raw rows are sorted by visitor within a site and day: a range of ids is read without the rows around it.

import type { RawDay } from './raw_days.ts'

/** Parameters of `sliceCondition`. 64-bit numbers as text. */
export type Slice = {
  readonly low: string
  readonly high: string
  readonly pages: number
  readonly page: number
}

export const sliceCondition =
  'visitor between {low:UInt64} and {high:UInt64} and page % {pages:UInt32} = {page:UInt32}'

/** Ids of a day are 1 to 2^24, hashes of first-party ids 2^63 and above (collector/pipeline); both are spread evenly. */
const dailyIds = 2n ** 24n
const identitiesFrom = 2n ** 63n
const idsEnd = 2n ** 64n

/** Each of about `sliceRows`, unless one visitor has more: a visitor cannot be cut. */
export function makeSlices(day: RawDay, sliceRows: number): Slice[] {
  if (day.rows <= sliceRows) return [slice(0n, idsEnd)]
  const daily = day.rows - day.withoutVisitor - day.identities
  const count = (rows: number) => Math.ceil(rows / sliceRows)
  return [
    ...range(count(day.withoutVisitor)).map(page => slice(0n, 1n, count(day.withoutVisitor), page)),
    ...cut(1n, dailyIds, identitiesFrom, count(daily)),
    ...cut(identitiesFrom, idsEnd - identitiesFrom, idsEnd, count(day.identities)),
  ]
}

/** `width` ids from `from` in even pieces; the last goes on to `end`. */
function cut(from: bigint, width: bigint, end: bigint, pieces: number): Slice[] {
  const at = (piece: number) => from + (width * BigInt(piece)) / BigInt(pieces)
  return range(pieces).map(piece => slice(at(piece), piece === pieces - 1 ? end : at(piece + 1)))
}

function slice(from: bigint, end: bigint, pages = 1, page = 0): Slice {
  return { low: String(from), high: String(end - 1n), pages, page }
}

function range(length: number): number[] {
  return Array.from({ length }, (_, index) => index)
}
