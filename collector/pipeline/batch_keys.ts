// The numbers by which a record is known outside its rows: a repeat, a subject who is to be erased, a shard.

import { hash } from 'node:crypto'
import { lengthPrefixed } from './length_prefixed.ts'

/** 64 bits of SHA-256(site ‖ batch id): equal in every process and after every restart, so that a retry is recognised. */
export function batchHash(siteId: string, batchId: string): bigint {
  return hash('sha256', lengthPrefixed(siteId, batchId), 'buffer').readBigUInt64BE(0)
}

/** 32-bit FNV-1a of site and visitor. It only has to spread, and be the same everywhere. */
export function shardOf(siteId: string, visitor: string): number {
  let spread = 0x811c9dc5
  for (const byte of Buffer.from(`${siteId}\t${visitor}`, 'utf8')) {
    spread = Math.imul(spread ^ byte, 0x01000193) >>> 0
  }
  return spread
}
