// A segment: one file that one process appends to, `<createdMs>-<slot>-<pid>.open`, renamed to `.seg` when no more will
// come. Its name without the extension names it for ever. Header, 64 bytes, little endian:
//
//   0 magic "LFSPOOL\n"   10 slot   16 boot id       40 UTC day, days since 1970   44 process start
//   8 format version      12 pid    32 created, ms   52 zeros                      60 crc32 of all before
//
// Magic and format version keep their place in every later format.

import { crc32 } from 'node:zlib'

export const segmentHeaderBytes = 64
export const segmentFormat = 1
const magic = 'LFSPOOL\n'
const dayMs = 24 * 3600 * 1000

export type SegmentHeader = {
  readonly slot: number
  readonly pid: number
  /** Start of the process in clock ticks since boot, 0 where the system does not say. */
  readonly processStart: number
  readonly bootId: string
  readonly createdMs: number
}

export type SegmentName = {
  /** `1700000000000-0-4711` */
  readonly segment: string
  readonly createdMs: number
  readonly slot: number
  readonly pid: number
  readonly isSealed: boolean
  /** With extension, as in the directory. */
  readonly file: string
}

/** Days since 1970, UTC. */
export function utcDay(ms: number): number {
  return Math.floor(ms / dayMs)
}

/** 13 digits keep the order of names the order of time until the year 2286. */
export function segmentName(createdMs: number, slot: number, pid: number): string {
  return `${String(createdMs).padStart(13, '0')}-${slot}-${pid}`
}

/** `createdMsOf('1700000000000-0-4711') → 1700000000000` */
export function createdMsOf(segment: string): number {
  return Number(segment.slice(0, segment.indexOf('-')))
}

/** Undefined for any file that is not a segment. */
export function parseSegmentName(file: string): SegmentName | undefined {
  const match = /^((\d{13})-(\d{1,5})-(\d{1,10}))\.(open|seg)$/.exec(file)
  if (!match) return undefined
  const [, segment = '', createdMs, slot, pid, extension] = match
  return {
    segment,
    createdMs: Number(createdMs),
    slot: Number(slot),
    pid: Number(pid),
    isSealed: extension === 'seg',
    file,
  }
}

export function encodeSegmentHeader(header: SegmentHeader): Buffer {
  const bytes = Buffer.alloc(segmentHeaderBytes)
  bytes.write(magic, 0, 'latin1')
  bytes.writeUInt16LE(segmentFormat, 8)
  bytes.writeUInt16LE(header.slot, 10)
  bytes.writeUInt32LE(header.pid, 12)
  bytes.write(header.bootId.replaceAll('-', ''), 16, 'hex')
  bytes.writeBigUInt64LE(BigInt(header.createdMs), 32)
  bytes.writeUInt32LE(utcDay(header.createdMs), 40)
  bytes.writeBigUInt64LE(BigInt(header.processStart), 44)
  bytes.writeUInt32LE(crc32(bytes.subarray(0, 60)), 60)
  return bytes
}

/** `short`: not even a header, so nothing was ever acknowledged; `newer`: a format that this version does not know. */
export function decodeSegmentHeader(bytes: Buffer): SegmentHeader | 'short' | 'newer' | 'damaged' {
  if (bytes.length < segmentHeaderBytes) return 'short'
  if (bytes.toString('latin1', 0, magic.length) !== magic) return 'damaged'
  if (bytes.readUInt16LE(8) > segmentFormat) return 'newer'
  if (crc32(bytes.subarray(0, 60)) !== bytes.readUInt32LE(60)) return 'damaged'
  return {
    slot: bytes.readUInt16LE(10),
    pid: bytes.readUInt32LE(12),
    processStart: Number(bytes.readBigUInt64LE(44)),
    bootId: bytes.toString('hex', 16, 32).replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-'),
    createdMs: Number(bytes.readBigUInt64LE(32)),
  }
}
