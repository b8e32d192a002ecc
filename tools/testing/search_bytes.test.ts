import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { searchFor } from './search_bytes.ts'

const search = searchFor(['john@example.com', '+40 799 314 159', '203.0.113.77'])

test.each([
  ['plain', 'x john@example.com y', 'plain'],
  ['capitals', 'x John@Example.COM y', 'plain'],
  ['percent-encoded', '/user/john%40example.com', 'percent'],
  ['a number otherwise written', 'tel:+40-799.314(159)', 'without marks'],
  ['an address as one word', 'from 203-0-113-77', 'without marks'],
  ['hexadecimal', Buffer.from('john@example.com').toString('hex'), 'hexadecimal'],
  ['base64, first place', Buffer.from('john@example.com...').toString('base64'), 'base64'],
  ['base64, second place', Buffer.from('<john@example.com>').toString('base64'), 'base64'],
  ['base64, third place', Buffer.from('<<john@example.com>>').toString('base64url'), 'base64'],
])('finds what is written %s', (_name, text, spelling) => {
  expect(search.text('here', text)[0]).toMatchObject({ place: 'here', spelling })
})

test('finds UTF-16 among other bytes', () => {
  const content = Buffer.concat([
    Buffer.from([0, 255, 1]),
    Buffer.from('john@example.com', 'utf16le'),
    Buffer.from([9]),
  ])
  expect(search.bytes('here', content)).toMatchObject([{ needle: 'john@example.com', spelling: 'UTF-16' }])
})

test('finds nothing in what only resembles', () => {
  expect(search.text('here', ':email 203.0.113.0 jane@example.com +40 799 314 158')).toEqual([])
})

test('reads every file below a folder, and their names', () => {
  const directory = mkdtempSync(join(tmpdir(), 'lightfoot-search-'))
  try {
    mkdirSync(join(directory, 'a/b'), { recursive: true })
    writeFileSync(join(directory, 'a/b/notes'), 'mail to john@example.com')
    writeFileSync(join(directory, 'a/203.0.113.77.log'), '')
    const places = search.directory(directory).map(({ place, needle }) => [place, needle])
    expect(places).toContainEqual(['a/b/notes', 'john@example.com'])
    expect(places).toContainEqual(['name of a file', '203.0.113.77'])
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
})
