import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { findRefusedRows } from './refused_rows.ts'
import { originalNumbers, withoutRows } from './rows.ts'

/** Rows `good` and `bad`; a probe refuses what holds a bad one, and counts. */
function rowsOf(total: number, bad: ReadonlySet<number>) {
  const bytes = Buffer.from(
    Array.from({ length: total }, (_, row) => (bad.has(row) ? 'bad\n' : 'good\n')).join(''),
  )
  let probes = 0
  const probe = async (rows: Buffer) => {
    probes++
    return rows.includes('bad') ? 'refused' : undefined
  }
  return { bytes, probe, probes: () => probes }
}

describe('refused rows', () => {
  it('finds exactly the refused ones', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 300 }),
        fc.array(fc.nat(299), { maxLength: 10 }),
        async (total, rows) => {
          const bad = new Set(rows.filter(row => row < total))
          const { bytes, probe } = rowsOf(total, bad)
          const found = await findRefusedRows(bytes, probe)
          expect(found.map(({ row }) => row)).toEqual([...bad].sort((a, b) => a - b))
          const rest = withoutRows(
            bytes,
            found.map(({ row }) => row),
          )
          expect(rest.toString()).toBe('good\n'.repeat(total - bad.size))
        },
      ),
    )
  })

  it('is cheap for one row in many', async () => {
    const { bytes, probe, probes } = rowsOf(20_000, new Set([12_345]))
    expect(await findRefusedRows(bytes, probe)).toEqual([{ row: 12_345, reason: 'refused' }])
    expect(probes()).toBeLessThanOrEqual(31)
  })

  it('is bounded when everything is refused, and sets the rest aside whole', async () => {
    const { bytes, probe, probes } = rowsOf(5000, new Set(Array.from({ length: 5000 }, (_, row) => row)))
    const found = await findRefusedRows(bytes, probe, 100)
    expect(probes()).toBe(100)
    expect(found.map(({ row }) => row)).toEqual(Array.from({ length: 5000 }, (_, row) => row))
    expect(new Set(found.map(({ reason }) => reason)).size).toBe(2)
  })

  it('blames none when the halves are taken', async () => {
    let isFirst = true
    const probe = async () => {
      const wasFirst = isFirst
      isFirst = false
      return wasFirst ? 'memory' : undefined
    }
    expect(await findRefusedRows(Buffer.from('a\nb\n'), probe)).toEqual([])
  })

  it.each([
    [[0, 1], [1], [0, 2]],
    [
      [0, 1],
      [0, 1],
      [2, 3],
    ],
    [[2], [], [2]],
    [
      [0, 3],
      [1, 2, 4],
      [0, 6],
    ],
  ])('%j among what is left without %j were %j', (rows, removed, wanted) => {
    expect(originalNumbers(rows, removed)).toEqual(wanted)
  })
})
