import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { looksRandom } from './looks_random.ts'

/** Random bytes that are the same in every run. */
function drawn(seed: string, bytes: number): Buffer {
  return createHash('sha512').update(seed).digest().subarray(0, bytes)
}

const base32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'
const base36 = 'abcdefghijklmnopqrstuvwxyz0123456789'
const base62 = `${base36}ABCDEFGHIJKLMNOPQRSTUVWXYZ`

function spell(bytes: Buffer, alphabet: string): string {
  return [...bytes].map(byte => alphabet[byte % alphabet.length]).join('')
}

const drawers: Record<string, (seed: string) => string> = {
  'hex, 80 bits': seed => drawn(seed, 10).toString('hex'),
  'hex, 128 bits': seed => drawn(seed, 16).toString('hex'),
  'hex, 256 bits, capitals': seed => drawn(seed, 32).toString('hex').toUpperCase(),
  'base64url, 120 bits': seed => drawn(seed, 15).toString('base64url'),
  'base64url, 128 bits': seed => drawn(seed, 16).toString('base64url'),
  'base64url, 256 bits': seed => drawn(seed, 32).toString('base64url'),
  'base62, 24 characters': seed => spell(drawn(seed, 24), base62),
  'base36, 25 characters': seed => spell(drawn(seed, 25), base36),
  'base32, 26 characters': seed => spell(drawn(seed, 26), base32),
}

describe('words that a machine drew', () => {
  test.each(Object.entries(drawers))('%s: at least 99 in 100', (_, draw) => {
    const words = Array.from({ length: 2000 }, (_unused, index) => draw(`seed ${index}`))
    const missed = words.filter(word => !looksRandom(word))
    expect(missed.length, missed.slice(0, 10).join(' ')).toBeLessThanOrEqual(20)
  })

  test.each([
    ['a JWT', 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk'],
    ['the head of a JWT', 'eyJhbGciOiJIUzI1NiJ9'],
    ['an access key', 'AKIAIOSFODNN7EXAMPLE'],
    ['a key with a prefix', 'sk_live_51H8xYz2eZvKYlo2C9Ab'],
    ['a PHP session', 'q3e8k7lm2n9o4p5r6s7t8u9v0w'],
    ['a bank account', 'RO49AAAA1B31007593840000'],
    ['a long word of letters', 'abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrst'],
    ['a Mongo id', '507f1f77bcf86cd799439011'],
    ['a git hash', 'da39a3ee5e6b4b0d3255bfef95601890afd80709'],
  ])('%s', (_, word) => {
    expect(looksRandom(word)).toBe(true)
  })
})

describe('words that people wrote', () => {
  test.each([
    'how-to-build-a-garden-shed-in-2024',
    'How-To-Build-A-Garden-Shed-In-2024',
    'iphone-15-pro-max-256gb-titanium',
    'samsung-galaxy-s23-ultra-5g',
    'SM-G991BZADEUB',
    'privacy_policy_2023_v2',
    'getElementsByClassName',
    'XMLHttpRequest.prototype.send',
    'donaudampfschifffahrtsgesellschaft',
    'covid-19-vaccination-2021',
    'product-catalogue.html',
    'main.bundle.min.js',
    'annual-report-2022-2023.pdf',
    'windows-10-x64',
    'iso-27001-certification',
    'ModelS-P100D-2020',
    'jquery-3.6.0.min.js',
    'wp-content',
    'Cannot',
    '1234567890123',
    'undefined',
    'ResizeObserver',
    'internationalization',
    'Terms-And-Conditions-Of-Use',
    'index_2.php',
    'c++-vs-c#-2024',
    'iPhone-iPad-iPod-MacBook-2024',
    'McDonalds-eBay-YouTube-iOS',
    'Lengths-And-Strengths-Of-2024-Models',
    'innerHTML.setHTMLUnsafe',
    'HTMLCanvasElement.getContext',
  ])('%s', word => {
    expect(looksRandom(word)).toBe(false)
  })
})
