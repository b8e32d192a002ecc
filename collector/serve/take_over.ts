// Puts in order what a killed product left in the data directory, before anything else touches it: its children end, and
// what they wrote is sealed. Whoever calls this holds the lock.

import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { endOwner } from '../spool/owner.ts'
import { sealSegments } from '../spool/recovery.ts'
import { endOrphans } from './serve_file.ts'

/** A process that is killed in the middle of a large write is gone once the kernel is done with it. */
const orphanMs = 10_000

/** Resolves with the one clear line why it cannot be done, if so. */
export async function takeOver(dataDirectory: string): Promise<string | undefined> {
  const directory = join(dataDirectory, 'spool')
  mkdirSync(directory, { recursive: true, mode: 0o700 })
  const areGone = await endOrphans(dataDirectory)
  const { alive } = await sealSegments({ directory })
  const owners = await Promise.all(alive.map(({ owner }) => endOwner(owner, orphanMs)))
  if (!areGone || owners.includes(false))
    return 'a process of an earlier run still writes to the data directory and cannot be ended: end it by hand'
  if (alive.length > 0) await sealSegments({ directory })
  return undefined
}
