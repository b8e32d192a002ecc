// Files that hold a random secret: made once, by whichever process comes first, whole or not at all, readable by their
// owner only. Never derived from anything, never logged.

import { randomBytes } from 'node:crypto'
import {
  closeSync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  futimesSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  statSync,
  unlinkSync,
  writeSync,
} from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { errorCode } from '../spool/files.ts'

export const secretBytes = 32

/** The secret of a file; undefined when there is none, when it was destroyed, or when what is there is not whole. */
export function readSecret(file: string): Buffer | undefined {
  try {
    const secret = readFileSync(file)
    return secret.length === secretBytes ? secret : undefined
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined
    throw error
  }
}

/**
 * Makes the file unless it is there, and gives its secret. The bytes are durable under another name before `link` gives
 * them the right one, and of several processes that link at once exactly one succeeds: all read the same secret then.
 */
export function makeSecret(file: string): Buffer | undefined {
  const directory = dirname(file)
  mkdirSync(directory, { recursive: true, mode: 0o700 })
  const draft = join(directory, `.${basename(file)}-${process.pid}-${randomBytes(6).toString('hex')}`)
  writeDraft(draft)
  try {
    linkSync(draft, file)
  } catch (error) {
    if (errorCode(error) !== 'EEXIST') throw error
  } finally {
    unlinkSync(draft)
  }
  syncDirectory(directory)
  return readSecret(file)
}

/**
 * Overwrites, then leaves the file empty and of the time `at`: `makeSecret` makes no other secret in its place. On a disk that writes elsewhere
 * (SSD, copy on write) the old bytes may survive the overwriting for a while; that is the disk's encryption to answer for. A
 * file that another process removed first is no error.
 */
export function destroySecret(file: string, at: number): void {
  try {
    const handle = openSync(file, 'r+')
    try {
      const { size } = fstatSync(handle)
      writeSync(handle, Buffer.alloc(size), 0, size, 0)
      fsyncSync(handle)
      ftruncateSync(handle)
      futimesSync(handle, at / 1000, at / 1000)
      fsyncSync(handle)
    } finally {
      closeSync(handle)
    }
  } catch (error) {
    if (errorCode(error) !== 'ENOENT') throw error
  }
}

/** There was a secret, and it is gone for good. */
export function isDestroyed(file: string): boolean {
  return statSync(file, { throwIfNoEntry: false })?.size === 0
}

function writeDraft(draft: string): void {
  const handle = openSync(draft, 'wx', 0o600)
  try {
    writeSync(handle, randomBytes(secretBytes))
    fsyncSync(handle)
  } catch (error) {
    unlinkSync(draft)
    throw error
  } finally {
    closeSync(handle)
  }
}

/** A new name is durable once its directory is. */
function syncDirectory(directory: string): void {
  const handle = openSync(directory, 'r')
  try {
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
}
