import { createHmac } from 'node:crypto'
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { limits } from '../../contract/limits.ts'
import { purposeSet } from '../../contract/purposes.ts'
import { makeSite } from '../../tools/testing/pipeline.ts'
import { createReceipts, receiptDays } from './receipts.ts'

const dayMs = 24 * 3_600_000
const site = makeSite({ policy: 3 })
const noon = Date.UTC(2025, 5, 15, 12)
const statistics = purposeSet(['statistics'])

let directory = ''

beforeEach(() => {
  directory = join(mkdtempSync(join(tmpdir(), 'lightfoot-receipts-')), 'keys')
})

afterEach(() => rmSync(join(directory, '..'), { recursive: true, force: true }))

function open() {
  return createReceipts({ directory })
}

test('says what was granted, and is equal for all who chose alike that day', () => {
  const receipts = open()
  const receipt = receipts.issue(site, statistics, noon)
  expect(receipt).toMatch(/^v1\.shop\.3\.1\.20250615\.1\.[\w-]{43}$/)
  expect(receipts.issue(site, statistics, noon + 11 * 3_600_000)).toBe(receipt)
  expect(open().issue(site, statistics, noon)).toBe(receipt)
  expect(receipts.issue(site, statistics, noon + dayMs)).not.toBe(receipt)
  expect(receipts.issue(site, 3, noon)).not.toBe(receipt)
  expect(receipts.check(receipt, site, noon)).toEqual({ valid: true, purposes: statistics })
  expect(receipt.length).toBeLessThan(limits.receiptMax)
})

test('the key is random, made once and readable by its owner only', () => {
  open()
  const file = join(directory, 'receipt-1.key')
  const key = readFileSync(file)
  expect(key).toHaveLength(32)
  expect(statSync(file).mode & 0o777).toBe(0o600)
  open().issue(site, 1, noon)
  expect(readFileSync(file)).toEqual(key)
})

describe('is refused', () => {
  const good = () => open().issue(site, statistics, noon)
  const cases: readonly [string, () => string, Parameters<typeof makeSite>[0], number, string][] = [
    ['nothing', () => '', {}, noon, 'malformed'],
    ['something else', () => 'hello', {}, noon, 'malformed'],
    ['of another version', () => good().replace('v1', 'v2'), {}, noon, 'malformed'],
    ['cut short', () => good().slice(0, -1), {}, noon, 'malformed'],
    ['with something behind it', () => `${good()}A`, {}, noon, 'malformed'],
    ['longer than any', () => 'v1.'.padEnd(500, '1'), {}, noon, 'malformed'],
    ['more purposes', () => good().replace('.3.1.', '.3.127.'), {}, noon, 'forged'],
    ['another site', () => good().replace('shop', 'blog'), { id: 'blog' }, noon, 'forged'],
    ['a later day', () => good().replace('20250615', '20250616'), {}, noon, 'forged'],
    ['a key that does not exist', () => good().replace('.1.', '.9.'), {}, noon, 'forged'],
    ['no signature', () => `v1.shop.3.1.20250615.1.${'A'.repeat(43)}`, {}, noon, 'forged'],
    ['signed without the key', () => signedBy(Buffer.alloc(32)), {}, noon, 'forged'],
    ['for another site', good, { id: 'blog' }, noon, 'other_site'],
    ['for an older policy', good, { policy: 4 }, noon, 'older_policy'],
    ['for a policy that was taken back', good, { policy: 2 }, noon, 'older_policy'],
    ['expired', good, {}, Date.UTC(2025, 5, 15) + (receiptDays + 1) * dayMs, 'expired'],
    ['of the day after tomorrow', good, {}, noon - 2 * dayMs, 'expired'],
  ]
  test.each(cases)('%s', (_, receipt, changes, at, reason) => {
    const asked = makeSite({ policy: 3, ...changes })
    const receipts = open()
    const text = receipt()
    expect(receipts.check(text, asked, at)).toEqual({ valid: false, reason })
    // And the same when it is asked again: what was found genuine once is remembered.
    expect(receipts.check(text, asked, at)).toEqual({ valid: false, reason })
  })

  function signedBy(key: Buffer): string {
    const claim = 'v1.shop.3.1.20250615.1'
    return `${claim}.${createHmac('sha256', key).update(claim).digest('base64url')}`
  }

  test('the last character written in another way', () => {
    const receipt = good()
    const last = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
    const next = last[last.indexOf(receipt.at(-1) ?? '') ^ 1]
    expect(open().check(receipt.slice(0, -1) + next, site, noon)).toEqual({ valid: false, reason: 'forged' })
  })
})

test('holds for half a year to the end of the day', () => {
  const receipts = open()
  const receipt = receipts.issue(site, statistics, noon)
  const last = Date.UTC(2025, 5, 15) + (receiptDays + 1) * dayMs - 1
  expect(receipts.check(receipt, site, last).valid).toBe(true)
  expect(receipts.check(receipt, site, last + 1).valid).toBe(false)
})

test('no change of any one character is accepted', () => {
  const receipts = open()
  const receipt = receipts.issue(site, statistics, noon)
  fc.assert(
    fc.property(fc.nat(receipt.length - 1), fc.string({ minLength: 0, maxLength: 2 }), (index, put) => {
      const changed = receipt.slice(0, index) + put + receipt.slice(index + 1)
      if (changed !== receipt) expect(receipts.check(changed, site, noon).valid).toBe(false)
    }),
    { numRuns: 2000 },
  )
})

test('a newer key signs, the older one still verifies, in processes that run already too', () => {
  const running = open()
  const old = running.issue(site, statistics, noon)
  writeFileSync(join(directory, 'receipt-2.key'), Buffer.alloc(32, 5), { mode: 0o600 })
  const receipt = open().issue(site, statistics, noon)
  expect(receipt).toContain('.20250615.2.')
  expect(running.check(receipt, site, noon).valid).toBe(true)
  expect(running.check(old, site, noon).valid).toBe(true)
  expect(open().check(old, site, noon).valid).toBe(true)
})

test('receipts that name unknown keys make it look at the disk once in ten seconds, not once each', () => {
  const receipts = open()
  const receipt = receipts.issue(site, statistics, noon)
  receipts.check(receipt.replace('.20250615.1.', '.20250615.7.'), site, noon)
  writeFileSync(join(directory, 'receipt-7.key'), readFileSync(join(directory, 'receipt-1.key')))
  const claim = 'v1.shop.3.1.20250615.7'
  const key = readFileSync(join(directory, 'receipt-7.key'))
  const newer = `${claim}.${createHmac('sha256', key).update(claim).digest('base64url')}`
  expect(receipts.check(newer, site, noon + 9999).valid).toBe(false)
  expect(receipts.check(newer, site, noon + 10_000).valid).toBe(true)
})

test('a key that is not whole stops the start with one clear line', () => {
  open()
  writeFileSync(join(directory, 'receipt-1.key'), 'short')
  expect(open).toThrow('receipt-1.key must hold 32 bytes')
  expect(existsSync(join(directory, 'receipt-1.key'))).toBe(true)
})
