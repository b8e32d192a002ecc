// Which rows of a load does ClickHouse refuse? Halves the load until each refused row stands alone. One bad row in 20,000
// costs about 30 inserts into a table that stores nothing.

import { lineStarts } from './rows.ts'

export type RefusedRow = {
  /** Number of the row among those asked about, from 0. */
  readonly row: number
  /** The database's reason, without data: `ClickHouse: CANNOT_PARSE_DATE (code 38)`. */
  readonly reason: string
}

/** Bounds the search when thousands of rows are bad; what is not settled by then is set aside as a whole. */
export const probesMaxDefault = 1000

/** `probe` inserts rows where nothing is stored; gives the reason when they are refused, undefined when they are taken. */
export async function findRefusedRows(
  bytes: Buffer,
  probe: (rows: Buffer) => Promise<string | undefined>,
  probesMax = probesMaxDefault,
): Promise<RefusedRow[]> {
  const starts = lineStarts(bytes)
  const refused: RefusedRow[] = []
  let probes = 0

  async function search(from: number, to: number): Promise<void> {
    if (probes >= probesMax) {
      for (let row = from; row < to; row++)
        refused.push({ row, reason: 'set aside beside too many refused rows' })
      return
    }
    probes++
    const reason = await probe(bytes.subarray(starts[from], starts[to]))
    if (reason === undefined) return
    if (to - from === 1) {
      refused.push({ row: from, reason })
      return
    }
    const middle = (from + to) >> 1
    await search(from, middle)
    await search(middle, to)
  }

  if (starts.length > 1) await search(0, starts.length - 1)
  return refused
}
