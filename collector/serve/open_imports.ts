// What an import stands on: a spool writer of its own for as long as it works (slot 0: no acceptor has it), within the spool's
// quota; the key under which calls are named; and a database in which everything of an earlier import is.

import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { ImportCalls } from '../http/private_parts.ts'
import { importCalls } from '../imports/import_calls.ts'
import type { Loader } from '../load/loader.ts'
import { makeSecret } from '../privacy/secret_file.ts'
import { readBootId } from '../spool/boot_id.ts'
import { createSpoolQuota } from '../spool/quota.ts'
import { openSpoolWriter } from '../spool/writer.ts'
import type { Store } from '../store/store.ts'
import { createExclusive } from './exclusive.ts'
import { steadyNow } from './steady_now.ts'

type ImportParts = {
  readonly store: Store
  readonly loader: Loader
  readonly dataDirectory: string
  /** Nobody else loads: whoever imports has loaded what waits, and will load what comes. */
  readonly isHasty: boolean
}

export function openImports({ store, loader, dataDirectory, isHasty }: ImportParts): ImportCalls {
  const within = (name: string) => join(dataDirectory, name)
  const inTurn = createExclusive()
  return (list, tell) =>
    inTurn(async () => {
      if (!isHasty) await untilLoaded(loader)
      const key = makeSecret(within('keys/calls.key'))
      if (key === undefined) throw new Error('data/keys/calls.key must hold 32 bytes')
      await mkdir(within('spool'), { recursive: true, mode: 0o700 })
      const quota = createSpoolQuota({ directory: within('spool'), now: Date.now })
      await quota.refresh()
      const writer = await openSpoolWriter({
        directory: within('spool'),
        slot: 0,
        pid: process.pid,
        bootId: readBootId(),
        now: Date.now,
        steadyNow,
        allow: quota.allow,
      })
      try {
        return await importCalls(list, { store, key, now: Date.now, append: writer.append }, tell)
      } finally {
        await writer.close()
      }
    })
}

const loadWaitMs = 15_000

/**
 * What an import that was cut off has left in the spool is to be seen by the next. Where the database lags for longer, the next goes
 * on all the same: the fold counts each call once, however often its row is there.
 */
async function untilLoaded(loader: Loader): Promise<void> {
  const startedAt = Date.now()
  while ((loader.status().loadedUntil ?? 0) < startedAt && Date.now() - startedAt < loadWaitMs)
    await sleep(50)
}
