import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { SpoolRecord } from './record.ts'
import { decodeRecord, decodeRecords, encodeRecord, findRecord, recordBytesMax } from './record_codec.ts'

const anyRecord: fc.Arbitrary<SpoolRecord> = fc.record({
  rowVersion: fc.integer({ min: 1, max: 255 }),
  batchHash: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
  subjectTag: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
  shard: fc.integer({ min: 0, max: 2 ** 32 - 1 }),
  rowCount: fc.integer({ min: 0, max: 65_535 }),
  rows: fc.uint8Array({ maxLength: 300 }).map(bytes => Buffer.from(bytes)),
})

describe('record codec', () => {
  it('gives back what went in, one after another', () => {
    fc.assert(
      fc.property(fc.array(anyRecord, { maxLength: 8 }), fc.nat(1000), (records, base) => {
        const bytes = Buffer.concat(records.map(encodeRecord))
        const decoded = decodeRecords(bytes, base)
        expect(decoded.records.map(({ record }) => record)).toEqual(records)
        expect(decoded.next).toBe(base + bytes.length)
        expect(decoded.stop).toBe('end')
      }),
    )
  })

  it('never takes a record with a flipped bit', () => {
    fc.assert(
      fc.property(anyRecord, fc.nat(), (record, bit) => {
        const bytes = encodeRecord(record)
        const at = Math.floor(bit / 8) % bytes.length
        bytes[at]! ^= 1 << (bit % 8)
        // A longer length may also look as if the rest were still to come.
        expect(['bad', 'incomplete']).toContain(decodeRecord(bytes, 0))
      }),
    )
  })

  it('is incomplete at every cut', () => {
    const record = {
      rowVersion: 1,
      batchHash: 7n,
      subjectTag: 0n,
      shard: 3,
      rowCount: 1,
      rows: Buffer.from('abc\n'),
    }
    const bytes = encodeRecord(record)
    for (let length = 0; length < bytes.length; length++) {
      expect(decodeRecord(bytes.subarray(0, length), 0)).toBe('incomplete')
    }
  })

  it.each([
    ['zeros, as a crash leaves them', Buffer.alloc(64)],
    [
      'a length past the largest record',
      Buffer.from([...lengthBytes(recordBytesMax + 1), ...Buffer.alloc(60)]),
    ],
    ['a length below the header', Buffer.from([...lengthBytes(31), ...Buffer.alloc(60)])],
  ])('is bad: %s', (_, bytes) => {
    expect(decodeRecord(bytes, 0)).toBe('bad')
  })

  it('finds the next record behind anything', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), anyRecord, (noise, record) => {
        const bytes = Buffer.concat([Buffer.from(noise), encodeRecord(record)])
        expect(findRecord(bytes, 0)).toBe(noise.length)
      }),
    )
    expect(findRecord(Buffer.alloc(5000), 0)).toBe(-1)
  })
})

function lengthBytes(length: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32LE(length)
  return bytes
}
