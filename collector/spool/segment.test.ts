import { describe, expect, it } from 'vitest'
import { decodeSegmentHeader, encodeSegmentHeader, parseSegmentName, segmentName, utcDay } from './segment.ts'

const header = {
  slot: 3,
  pid: 4_194_303,
  processStart: 123_456_789,
  bootId: '0f8fad5b-d9cb-469f-a165-70867728950e',
  createdMs: Date.UTC(2026, 2, 1, 12),
}

describe('segment', () => {
  it('header there and back', () => {
    expect(decodeSegmentHeader(encodeSegmentHeader(header))).toEqual(header)
  })

  it.each([
    ['short', (bytes: Buffer) => bytes.subarray(0, 63), 'short'],
    ['empty', (bytes: Buffer) => bytes.subarray(0, 0), 'short'],
    ['wrong magic', (bytes: Buffer) => bytes.fill('X', 0, 1), 'damaged'],
    ['newer format', (bytes: Buffer) => bytes.fill(2, 8, 9), 'newer'],
    ['flipped bit', (bytes: Buffer) => bytes.fill(0x55, 20, 21), 'damaged'],
  ])('header: %s', (_, change, wanted) => {
    expect(decodeSegmentHeader(change(encodeSegmentHeader(header)))).toBe(wanted)
  })

  it.each([
    ['1700000000000-0-4711.open', { createdMs: 1_700_000_000_000, slot: 0, pid: 4711, isSealed: false }],
    ['1700000000001-12-1.seg', { createdMs: 1_700_000_000_001, slot: 12, pid: 1, isSealed: true }],
    ['1700000000001-12-1.seg.tmp', undefined],
    ['quarantine', undefined],
    ['170000000000-0-1.seg', undefined],
  ])('name: %s', (file, wanted) => {
    if (wanted) expect(parseSegmentName(file)).toMatchObject(wanted)
    else expect(parseSegmentName(file)).toBeUndefined()
  })

  it('names sort by time', () => {
    expect(segmentName(999, 0, 1) < segmentName(1_700_000_000_000, 0, 1)).toBe(true)
    expect(segmentName(1_700_000_000_000, 0, 1)).toBe('1700000000000-0-1')
  })

  it('counts days in UTC', () => {
    expect(utcDay(Date.UTC(2026, 2, 1, 23, 59, 59, 999)) + 1).toBe(utcDay(Date.UTC(2026, 2, 2)))
  })
})
