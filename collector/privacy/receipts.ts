// Receipts of consent: what a page shows to prove that a visitor granted what it claims. A receipt names site, policy,
// purposes and day and nothing else, so it is equal for all who chose alike that day, and no identifier.
// `v1.<site>.<policy>.<purposes>.<yyyymmdd>.<key id>.<HMAC-SHA256, base64url>`

import { createHmac, timingSafeEqual } from 'node:crypto'
import { mkdirSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { limits } from '../../contract/limits.ts'
import type { PurposeSet } from '../../contract/purposes.ts'
import type { Site } from '../config/config.ts'
import { utcDay } from '../pipeline/day.ts'
import type { ReceiptVerdict } from '../pipeline/stages.ts'
import { makeSecret, readSecret } from './secret_file.ts'

export type Receipts = {
  /** `at` in Unix milliseconds; the receipt knows its UTC day only. */
  issue(site: Site, purposes: PurposeSet, at: number): string
  check(receipt: string, site: Site, at: number): ReceiptVerdict
}

/** Half a year, counted from the end of the day of issue, so that it is never shorter. */
export const receiptDays = 183

const dayMs = 24 * 3600 * 1000

/** Receipts that were found genuine; few exist at a time, as all who chose alike on a day have the same. */
const genuineMax = 1000

/** How often a receipt that names an unknown key may make this process look for new keys. */
const rescanMs = 10_000

const pattern = /^v1\.([a-z0-9_-]{1,32})\.(\d{1,5})\.(\d{1,3})\.(\d{8})\.(\d{1,6})\.([\w-]{43})$/

/** `directory` is `data/keys`; the keys are its `receipt-<id>.key`. The newest signs, all verify. */
export function createReceipts({ directory }: { directory: string }): Receipts {
  mkdirSync(directory, { recursive: true, mode: 0o700 })
  let keys = readKeys(directory)
  let scannedAt = Number.NEGATIVE_INFINITY
  const genuine = new Set<string>()

  function issue(site: Site, purposes: PurposeSet, at: number): string {
    const id = Math.max(...keys.keys())
    const day = utcDay(at).replaceAll('-', '')
    const claim = `v1.${site.id}.${site.policy}.${purposes}.${day}.${id}`
    return `${claim}.${sign(claim, keyOf(id, at) ?? missingKey()).toString('base64url')}`
  }

  /** Whether it is genuine comes first: of a forged one nothing else is worth telling. */
  function check(receipt: string, site: Site, at: number): ReceiptVerdict {
    const match = receipt.length <= limits.receiptMax ? pattern.exec(receipt) : null
    if (match === null) return { valid: false, reason: 'malformed' }
    const [, siteId, policy, purposes, day = ''] = match
    if (!isGenuine(receipt, at)) return { valid: false, reason: 'forged' }
    if (siteId !== site.id) return { valid: false, reason: 'other_site' }
    if (Number(policy) !== site.policy) return { valid: false, reason: 'older_policy' }
    if (!isCurrent(day, at)) return { valid: false, reason: 'expired' }
    return { valid: true, purposes: Number(purposes) }
  }

  function isGenuine(receipt: string, at: number): boolean {
    if (genuine.has(receipt)) return true
    const end = receipt.lastIndexOf('.')
    const claim = receipt.slice(0, end)
    const key = keyOf(Number(claim.slice(claim.lastIndexOf('.') + 1)), at)
    const given = Buffer.from(receipt.slice(end + 1), 'base64url')
    if (key === undefined || given.length !== 32 || !timingSafeEqual(given, sign(claim, key))) return false
    // 43 characters hold 258 bits: the last one can be written in four ways, of which only one is ours.
    if (given.toString('base64url') !== receipt.slice(end + 1)) return false
    if (genuine.size >= genuineMax) genuine.clear()
    genuine.add(receipt)
    return true
  }

  /** Another process may have made a newer key since. */
  function keyOf(id: number, at: number): Buffer | undefined {
    if (!keys.has(id) && Math.abs(at - scannedAt) >= rescanMs) {
      scannedAt = at
      keys = readKeys(directory)
    }
    return keys.get(id)
  }

  return { issue, check }
}

/** The keys by id; the first one is made when there is none. */
function readKeys(directory: string): ReadonlyMap<number, Buffer> {
  const keys = new Map<number, Buffer>()
  for (const name of readdirSync(directory)) {
    const id = /^receipt-(\d{1,6})\.key$/.exec(name)?.[1]
    const key = id === undefined ? undefined : readSecret(join(directory, name))
    if (id !== undefined && key !== undefined) keys.set(Number(id), key)
  }
  if (keys.size === 0) keys.set(1, makeSecret(join(directory, 'receipt-1.key')) ?? missingKey())
  return keys
}

function sign(claim: string, key: Buffer): Buffer {
  return createHmac('sha256', key).update(claim).digest()
}

/** A day of more than tomorrow was written by a clock that was wrong; such a receipt would live for years. */
function isCurrent(day: string, at: number): boolean {
  const issued = Date.parse(`${day.slice(0, 4)}-${day.slice(4, 6)}-${day.slice(6)}T00:00:00Z`)
  return at < issued + (receiptDays + 1) * dayMs && at >= issued - dayMs
}

function missingKey(): never {
  throw new Error('the key of receipts cannot be read: data/keys/receipt-1.key must hold 32 bytes')
}
