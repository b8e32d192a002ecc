// The visitor's own first-party id, only with `identity`. The row keeps the id itself, so that access and erasure can
// find it, and a 64-bit number with the top bit set in the column where otherwise the id of the day stands.

import { hash } from 'node:crypto'
import { lengthPrefixed } from '../length_prefixed.ts'
import type { Context } from './context.ts'

export type Visitor = {
  /** UUID of the id's 128 bits. */
  readonly identity: string
  readonly number: bigint
}

const topBit = 1n << 63n

/** undefined where the visitor is to be known by the id of the day, or not at all. */
export function firstPartyVisitor({ gate, permitted }: Context): Visitor | undefined {
  const id = permitted.batch.visitor
  if (gate.visitor !== 'granted' || id === undefined) return undefined
  return { identity: uuidOf(id), number: visitorNumber(permitted.site.id, id) }
}

/** Ids of the day are small and first-party ones have the top bit, so the two never meet. */
export function visitorNumber(siteId: string, id: string): bigint {
  return hash('sha256', lengthPrefixed(siteId, id), 'buffer').readBigUInt64BE(0) | topBit
}

/** 22 characters of base64url are 16 bytes: `AAAA… → 00000000-0000-…`. */
export function uuidOf(id: string): string {
  const hex = Buffer.from(id, 'base64url').subarray(0, 16).toString('hex').padEnd(32, '0')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
}
