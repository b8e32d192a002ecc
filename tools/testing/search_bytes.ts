// Looks for planted texts in bytes, files and names of files, in every spelling in which a program may have written them.
// Upper and lower case are the same. What is found says where, in which spelling, and what stands around it.

import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'

export type Hit = {
  /** File, or whatever else was searched. */
  readonly place: string
  readonly needle: string
  readonly spelling: Spelling
  readonly around: string
}

export type Spelling = 'plain' | 'UTF-16' | 'percent' | 'base64' | 'hexadecimal' | 'without marks'

/** In a run of digits and hyphens, a shorter one would be found by chance. */
const withoutMarksMin = 8
const aroundBytes = 60

/** A needle in one of its spellings, ready to be looked for. */
type Pattern = { readonly needle: string; readonly spelling: Spelling; readonly text: string }

export type Search = {
  bytes(place: string, content: Buffer): Hit[]
  text(place: string, content: string): Hit[]
  /** Every file below, and every name of a file or folder. Sockets and what vanishes meanwhile are left out. */
  directory(directory: string): Hit[]
}

export function searchFor(needles: readonly string[]): Search {
  const patterns = needles.flatMap(patternsOf)
  const search: Search = {
    bytes: (place, content) => searchBytes(place, content, patterns),
    text: (place, content) => searchBytes(place, Buffer.from(content, 'utf8'), patterns),
    directory: directory => filesBelow(directory).flatMap(file => searchFile(directory, file, search)),
  }
  return search
}

function patternsOf(needle: string): Pattern[] {
  const pattern = (spelling: Spelling, text: string): Pattern => ({ needle, spelling, text })
  const bare = withoutMarks(needle)
  const percent = encodeURIComponent(needle).toLowerCase()
  return [
    pattern('plain', needle.toLowerCase()),
    pattern('UTF-16', Buffer.from(needle.toLowerCase(), 'utf16le').toString('latin1')),
    ...(percent === needle.toLowerCase() ? [] : [pattern('percent', percent)]),
    pattern('hexadecimal', Buffer.from(needle, 'utf8').toString('hex')),
    ...base64Of(needle).map(text => pattern('base64', text)),
    ...(bare.length < withoutMarksMin ? [] : [pattern('without marks', bare)]),
  ]
}

/** Three, because a text may begin at each of three places within a group; the characters at both ends depend on others. */
function base64Of(needle: string): string[] {
  return [0, 1, 2].map(shift => {
    const encoded = Buffer.from('x'.repeat(shift) + needle, 'utf8')
      .toString('base64')
      .replace(/=+$/, '')
    return encoded.slice(shift === 0 ? 0 : shift + 1, -1)
  })
}

/** `+40 (799) 31-41 → 407993141`: who writes a number otherwise has still written it. */
function withoutMarks(text: string): string {
  return text.toLowerCase().replace(/[ .\-()/+:_]/g, '')
}

function searchBytes(place: string, content: Buffer, patterns: readonly Pattern[]): Hit[] {
  const exact = content.toString('latin1')
  const lower = exact.toLowerCase()
  const bare = withoutMarks(exact)
  return patterns.flatMap(({ needle, spelling, text }) => {
    const searched = spelling === 'base64' ? exact : spelling === 'without marks' ? bare : lower
    const at = searched.indexOf(text)
    if (at === -1) return []
    const around = searched.slice(Math.max(0, at - aroundBytes), at + text.length + aroundBytes)
    return [{ place, needle, spelling, around: around.replace(/[^\x20-\x7e]/g, '·') }]
  })
}

function filesBelow(directory: string): string[] {
  return readdirSync(directory, { recursive: true, withFileTypes: true }).map(entry =>
    join(entry.parentPath, entry.name),
  )
}

function searchFile(directory: string, file: string, search: Search): Hit[] {
  const name = relative(directory, file)
  return [...search.text('name of a file', name), ...search.bytes(name, readIfFile(file))]
}

function readIfFile(file: string): Buffer {
  try {
    return readFileSync(file)
  } catch (error) {
    // A folder, a socket, or a file that was removed since.
    const code = error instanceof Error && 'code' in error ? error.code : ''
    if (code === 'EISDIR' || code === 'ENXIO' || code === 'ENOENT' || code === 'EOPNOTSUPP')
      return Buffer.alloc(0)
    throw error
  }
}
