// How full is the spool? All acceptors write into one directory and the loader empties it, so each looks at the whole
// directory from time to time and adds what it wrote since.

import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'

export type QuotaState = 'ok' | 'warn' | 'full'

export type SpoolQuota = {
  /** For the writer's `allow`: false from 85 % of the quota. */
  allow(bytes: number): boolean
  /** `warn` from 70 %: the database is away or too slow, and somebody should look. */
  state(): QuotaState
  /** Of the quota, 0 to 1; more when the disk fills from elsewhere. */
  usedShare(): number
  /** Looks at the directory now. */
  refresh(): Promise<void>
}

const warnShare = 0.7
const fullShare = 0.85

export function createSpoolQuota({
  directory,
  quotaBytes,
  now,
  refreshMs = 1000,
}: {
  directory: string
  quotaBytes: number
  now(): number
  refreshMs?: number
}): SpoolQuota {
  let usedBytes = 0
  let refreshedAt = Number.NEGATIVE_INFINITY
  let refreshing: Promise<void> | undefined

  async function measure(): Promise<void> {
    try {
      usedBytes = await directoryBytes(directory)
    } finally {
      refreshing = undefined
    }
  }

  function refresh(): Promise<void> {
    refreshedAt = now()
    refreshing ??= measure()
    return refreshing
  }

  return {
    allow(bytes) {
      // Allowed appends are answered from the last look, never waiting for the directory.
      if (Math.abs(now() - refreshedAt) >= refreshMs) refresh().catch(() => {})
      if (usedBytes + bytes > quotaBytes * fullShare) return false
      usedBytes += bytes
      return true
    },
    state() {
      if (usedBytes >= quotaBytes * fullShare) return 'full'
      return usedBytes >= quotaBytes * warnShare ? 'warn' : 'ok'
    },
    usedShare: () => (quotaBytes === 0 ? 1 : usedBytes / quotaBytes),
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
