// Puts in order what a killed product left in the data directory, before anything else touches it: its children end, and
// what they wrote is sealed. Whoever calls this holds the lock.

import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { endOwner } from '../spool/owner.ts'
import { sealSegments } from '../spool/recovery.ts'
import { endOrphans } from './serve_file.ts'

/** A process that is killed in the middle of a large write is gone once the kernel is done with it. */
const orphanMs = 10_000

export async function takeOver(dataDirectory: string): Promise<void> {
  const directory = join(dataDirectory, 'spool')
  mkdirSync(directory, { recursive: true, mode: 0o700 })
  await endOrphans(dataDirectory)
  const { alive } = await sealSegments({ directory })
  if (alive.length === 0) return
  await Promise.all(alive.map(({ owner }) => endOwner(owner, orphanMs)))
  await sealSegments({ directory })
}
