// Is there room for more? The quota is what the spool may take of the disk: what it holds and what is free now, looked at
// again every second, because the embedded database and everything else on the disk grow and shrink beside it. It is used
// up, as a share, by whichever is more:
//
//   the spool, of all that it could take         a database that is away: 15 % stays free for it to come back into
//   whatever it is, of the disk's last 2 GiB     a disk that fills from elsewhere: from 307 MiB free on events are refused
//
// On a disk smaller than 2 GiB the second is the share of the disk that is full. All acceptors write into one directory and
// the loader empties it, so each looks at the whole directory and adds what it wrote since.

import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { type DiskRoom, diskRoom } from './disk_room.ts'

export type QuotaState = 'ok' | 'warn' | 'full'

export type SpoolQuota = {
  /** For the writer's `allow`: false from 85 % of the quota. */
  allow(bytes: number): boolean
  /** `warn` from 70 %: somebody should look. */
  state(): QuotaState
  /** Of the quota, 0 to 1. */
  usedShare(): number
  /** Looks at the disk now. */
  refresh(): Promise<void>
}

const warnShare = 0.7
const fullShare = 0.85
/** Only the last of a large disk counts: one of a terabyte is not full when 85 % of it are taken. */
const lastBytesMax = 2 * 1024 ** 3

export function createSpoolQuota({
  directory,
  now,
  room = diskRoom,
  refreshMs = 1000,
}: {
  directory: string
  now(): number
  room?(directory: string): Promise<DiskRoom>
  refreshMs?: number
}): SpoolQuota {
  let spoolBytes = 0
  let freeBytes = 0
  /** Nothing is allowed before the first look. */
  let lastBytes = 1
  let refreshedAt = Number.NEGATIVE_INFINITY
  let refreshing: Promise<void> | undefined

  async function measure(): Promise<void> {
    try {
      const [bytes, { freeBytes: free, totalBytes }] = await Promise.all([
        directoryBytes(directory),
        room(directory),
      ])
      spoolBytes = bytes
      freeBytes = free
      lastBytes = Math.max(1, Math.min(totalBytes, lastBytesMax))
    } finally {
      refreshing = undefined
    }
  }

  function refresh(): Promise<void> {
    refreshedAt = now()
    refreshing ??= measure()
    return refreshing
  }

  function share(moreBytes: number): number {
    const free = Math.max(0, freeBytes - moreBytes)
    const spool = spoolBytes + moreBytes
    return Math.max(0, free === 0 ? 1 : spool / (spool + free), 1 - free / lastBytes)
  }

  return {
    allow(bytes) {
      // Allowed appends are answered from the last look, never waiting for the disk.
      if (Math.abs(now() - refreshedAt) >= refreshMs) refresh().catch(() => {})
      if (share(bytes) >= fullShare) return false
      spoolBytes += bytes
      freeBytes = Math.max(0, freeBytes - bytes)
      return true
    },
    state() {
      const used = share(0)
      if (used >= fullShare) return 'full'
      return used >= warnShare ? 'warn' : 'ok'
    },
    usedShare: () => share(0),
    refresh,
  }
}

/** Bytes of the files in it; folders below are left out. */
export async function directoryBytes(directory: string): Promise<number> {
  let bytes = 0
  for (const file of await readdir(directory)) {
    // A segment may be loaded and gone between the two calls.
    const { size } = await stat(join(directory, file)).catch(() => ({ size: 0 }))
    bytes += size
  }
  return bytes
}
