// Instants at which a kill is most likely to hurt, found by looking at the files of the data directory: a load whose manifest
// is there and whose insert may not be, and a fold that is replacing partitions. All other kills come at any time.

import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Random } from '../../collector/commands/demo_random.ts'

export type Moment = 'any' | 'manifest' | 'replacing'

export const moments = [
  { moment: 'any', weight: 3 },
  { moment: 'manifest', weight: 1 },
  { moment: 'replacing', weight: 1 },
] as const satisfies readonly { moment: Moment; weight: number }[]

/** A load is made every two seconds; a day is folded soon after. */
const waitMs = 5000
/** How long the replacing of all partitions takes, about. */
const replacingMs = 60

/** Resolves at the moment, or after five seconds without it. */
export async function untilMoment(moment: Moment, dataDirectory: string, random: Random): Promise<void> {
  if (moment === 'any') return
  const isThere = moment === 'manifest' ? newManifest(dataDirectory) : () => isReplacing(dataDirectory)
  for (const deadline = performance.now() + waitMs; performance.now() < deadline; ) {
    if (isThere()) {
      if (moment === 'replacing') await sleep(random.whole(0, replacingMs))
      return
    }
    // Often: an insert takes a few milliseconds.
    await sleep(1)
  }
}

function newManifest(dataDirectory: string): () => boolean {
  const list = () => namesIn(join(dataDirectory, 'loads')).filter(name => name.endsWith('.json'))
  const known = new Set(list())
  return () => list().some(name => !known.has(name))
}

/** The journal says so before the first partition is replaced. */
function isReplacing(dataDirectory: string): boolean {
  try {
    const state = JSON.parse(readFileSync(join(dataDirectory, 'fold/state.json'), 'utf8'))
    return state.folding !== null
  } catch {
    return false
  }
}

function namesIn(directory: string): string[] {
  try {
    return readdirSync(directory)
  } catch {
    return []
  }
}
