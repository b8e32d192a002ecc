// The numbers by which a record is known outside its rows: a repeat, a subject who is to be erased, a shard.

import { hash } from 'node:crypto'
import { lengthPrefixed } from './length_prefixed.ts'

/** 64 bits of SHA-256(site ‖ batch id): equal in every process and after every restart, so that a retry is recognised. */
export function batchHash(siteId: string, batchId: string): bigint {
  // As text: a buffer of its own for the digest would take four times as long as the digest.
  return BigInt(`0x${hash('sha256', lengthPrefixed(siteId, batchId), 'hex').slice(0, 16)}`)
}

/** 32-bit FNV-1a of site and visitor. It only has to spread, and be the same everywhere. */
export function shardOf(siteId: string, visitor: string): number {
  let spread = 0x811c9dc5
  // Ids of sites and visitors are ASCII, so units are bytes.
  const text = `${siteId}\t${visitor}`
  for (let at = 0; at < text.length; at++) {
    spread = Math.imul(spread ^ text.charCodeAt(at), 0x01000193)
  }
  return spread >>> 0
}
