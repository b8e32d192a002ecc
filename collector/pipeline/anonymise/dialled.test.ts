import { expect, test } from 'vitest'
import { dialledNumber } from './dialled.ts'

test.each([
  ['tel:+40722123456', '+40722123456'],
  ['TEL:+40-722-123.456', '+40722123456'],
  ['tel:+40%20722%20123%20456', '+40722123456'],
  ['tel:%2B40722123456', '+40722123456'],
  ['tel:0040722123456', '+40722123456'],
  ['tel:(021)%20312/45-67', '0213124567'],
  ['tel://+40722123456', '+40722123456'],
  ['tel:+40722123456;ext=5', '+40722123456'],
  ['tel:112', '112'],
  ['tel:12', ''],
  ['tel:+1234567890123456', ''],
  ['tel:1-800-FLOWERS', ''],
  ['tel:', ''],
  ['sms:+40722123456', ''],
  ['https://www.example.com/tel:112', ''],
  [undefined, ''],
])('%s → %s', (href, wanted) => {
  expect(dialledNumber(href)).toBe(wanted)
})
