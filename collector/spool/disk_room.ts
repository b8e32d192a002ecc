// How much room a disk has: for the spool's quota, and for the embedded database that shares the disk with it.

import { statfs } from 'node:fs/promises'

export type DiskRoom = { readonly freeBytes: number; readonly totalBytes: number }

/** Of the disk that holds the directory. Blocks that only root may take do not count as free. */
export async function diskRoom(directory: string): Promise<DiskRoom> {
  const { bavail, blocks, bsize } = await statfs(directory)
  return { freeBytes: bavail * bsize, totalBytes: blocks * bsize }
}
