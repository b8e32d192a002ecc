// The demo site as files: what every page has, and that nothing is missing except what is missing on purpose.

import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { packageRoot } from '../config/package_root.ts'
import { missingImage, missingPage, searches } from './demo_pages.ts'

const root = join(packageRoot(), 'examples')
const files = readdirSync(join(root, 'demo'), { recursive: true, encoding: 'utf8' })
const pages = files.filter(file => file.endsWith('.html'))
const html = (file: string) => readFileSync(join(root, 'demo', file), 'utf8')
const all = (text: string, pattern: RegExp) => [...text.matchAll(pattern)].map(found => found[1] ?? found[0])

test.each(pages)('%s is a whole page', file => {
  const text = html(file)
  expect(text).toMatch(/^<!doctype html>\n<html lang="en">/)
  expect(all(text, /<!-- lightfoot -->/g)).toHaveLength(1)
  expect(text.indexOf('<!-- lightfoot -->')).toBeLessThan(text.indexOf('</head>'))
  expect(all(text, /<h1/g)).toHaveLength(1)
  expect(all(text, /<title>([^<]+)</g)).toHaveLength(1)
  expect(text).toContain('<main id="main"')
  expect(text).toContain('data-privacy-choices')
})

test.each(pages)('%s has headings without gaps, names its fields and pictures', file => {
  const text = html(file)
  const levels = all(text, /<h([1-6])/g).map(Number)
  for (const [index, level] of levels.entries())
    expect(level).toBeLessThanOrEqual((levels[index - 1] ?? 0) + 1)
  for (const field of all(text, /<(?:input|select|textarea)[^>]* id="([^"]+)"/g))
    expect(text).toContain(`for="${field}"`)
  for (const image of all(text, /<img[^>]*>/g)) expect(image).toMatch(/ alt="/)
})

test.each(pages)('%s works under a strict policy: nothing inline, nothing from elsewhere', file => {
  const text = html(file)
  expect(all(text, /<script(?![^>]*src=)[^>]*>/g)).toEqual([])
  expect(text).not.toMatch(/<style|\sstyle="|\son[a-z]+="/)
  expect(all(text, /\ssrc="(?!\/demo\/)([^"]*)"/g)).toEqual([])
  expect(all(text, /<link[^>]*href="(?!\/demo\/)([^"]*)"/g)).toEqual([])
})

test('every link leads somewhere, but for what is missing on purpose', () => {
  const links = pages.flatMap(file => all(html(file), /\s(?:href|src|action)="(\/demo\/[^"#?]*)/g))
  const isThere = (path: string) => existsSync(join(root, path.endsWith('/') ? `${path}index.html` : path))
  // The form is answered by the collector, with a redirect.
  const missing = new Set(links.filter(path => !isThere(path) && path !== '/demo/contact'))
  expect([...missing].sort()).toEqual([missingImage, missingPage])
})

test('the download is a whole PDF', () => {
  const pdf = readFileSync(join(root, 'demo/files/kite-care.pdf'), 'latin1')
  expect(pdf).toMatch(/^%PDF-1\.4\n/)
  const start = Number(/startxref\n(\d+)\n%%EOF\n$/.exec(pdf)?.[1])
  expect(pdf.slice(start, start + 4)).toBe('xref')
  const offsets = all(pdf.slice(start), /^(\d{10}) 00000 n/gm).map(Number)
  expect(offsets.map(at => pdf.slice(at, at + 7))).toEqual(offsets.map((_, index) => `${index + 1} 0 obj`))
})

/** The rule of examples/demo/search.js. */
function found(term: string): number {
  const kites: { name: string; kind: string; level: string; words: string; wind: string }[] = JSON.parse(
    html('catalogue.json'),
  )
  const words = term.split(' ')
  return kites.filter(({ name, kind, level, words: about, wind }) => {
    const [from = 0, to = 0] = wind.split('–').map(Number)
    const text = `${name} ${kind} ${level} ${about} kite force wind`.toLowerCase()
    return words.every(word =>
      /^\d+$/.test(word) ? Number(word) >= from && Number(word) <= to : text.includes(word),
    )
  }).length
}

test.each(searches)('a search for “$term” finds $results', ({ term, results }) => {
  expect(found(term)).toBe(results)
})
