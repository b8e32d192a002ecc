// data/serve.json: which processes run on this data directory and where they can be asked. For people, for a supervisor that
// starts after another was killed (children that outlived it must be gone before anything is touched), and for whoever finds
// no socket to ask (data_lock.ts), although the server lives.

import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { endOwner, isAlive, type Owner } from '../spool/owner.ts'

/** The supervisor itself, and its children. */
export type ServeFile = Owner & {
  readonly adminUrl: string
  readonly publicUrl: string
  readonly children: readonly Owner[]
}

/** A child that is killed in the middle of a large write is gone once the kernel is done with it. */
const orphanMs = 10_000

export function writeServeFile(dataDirectory: string, content: ServeFile): void {
  const file = join(dataDirectory, 'serve.json')
  writeFileSync(`${file}.tmp`, `${JSON.stringify(content, null, 2)}\n`, { mode: 0o600 })
  renameSync(`${file}.tmp`, file)
}

export function removeServeFile(dataDirectory: string): void {
  rmSync(join(dataDirectory, 'serve.json'), { force: true })
}

/** False when one of them cannot be ended. */
export async function endOrphans(dataDirectory: string): Promise<boolean> {
  const children = readServeFile(dataDirectory)?.children ?? []
  const ended = await Promise.all(children.map(child => endOwner(child, orphanMs)))
  return ended.every(isEnded => isEnded)
}

/** The server that wrote the file, if it lives for sure: a pid alone may be anybody's by now. */
export function livingServer(dataDirectory: string): ServeFile | undefined {
  const file = readServeFile(dataDirectory)
  return file !== undefined && file.processStart > 0 && isAlive(file) ? file : undefined
}

function readServeFile(dataDirectory: string): ServeFile | undefined {
  try {
    const content = JSON.parse(readFileSync(join(dataDirectory, 'serve.json'), 'utf8'))
    return Array.isArray(content.children) ? content : undefined
  } catch {
    return undefined // there is none, or it was never written whole: then no child was listening yet
  }
}
