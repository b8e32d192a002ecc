// The one place where the writer touches the disk; a test puts failing operations in its stead. And the two durable
// habits that everything around the spool shares: a rename counts only once its directory is synced, and a whole file
// appears at once or not at all.

import { open, readdir, rename, unlink } from 'node:fs/promises'
import { dirname } from 'node:path'

/** The part of node's FileHandle that a segment needs. */
export type SegmentHandle = {
  writev(buffers: readonly Buffer[]): Promise<{ bytesWritten: number }>
  datasync(): Promise<void>
  close(): Promise<void>
}

export type FileOperations = {
  /** Fails with EEXIST: no process appends to a file that it did not create. */
  create(path: string): Promise<SegmentHandle>
  rename(from: string, to: string): Promise<void>
  remove(path: string): Promise<void>
  syncDirectory(directory: string): Promise<void>
}

export const fileOperations: FileOperations = {
  create: path => open(path, 'ax', 0o600),
  rename,
  remove: unlink,
  syncDirectory,
}

export async function syncDirectory(directory: string): Promise<void> {
  const handle = await open(directory, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

/** Temporary file, fsync, rename, fsync of the directory: after a crash there is the old file or the new one. */
export async function writeFileDurably(path: string, bytes: Buffer | string): Promise<void> {
  const temporary = `${path}.tmp`
  const handle = await open(temporary, 'w', 0o600)
  try {
    await handle.writeFile(bytes)
    await handle.sync()
  } finally {
    await handle.close()
  }
  await rename(temporary, path)
  await syncDirectory(dirname(path))
}

/** The system's error code, `ENOENT`; '' for any other error. */
export function errorCode(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : ''
}

/** Names of the files in a directory, none when it does not exist. */
export async function filesIn(directory: string): Promise<string[]> {
  try {
    return await readdir(directory)
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return []
    throw error
  }
}
