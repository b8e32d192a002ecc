// After a start of the machine, which may follow a power loss, the newest load is not the only one in doubt. A load that was
// confirmed is on the disk as far as the disk says so; what came back older all the same (a disk that lies, a copy of the
// database's files put back) is found by counting the loads of earlier boots as well, and inserted again from the spool as
// long as its segments are there. Their days are folded again: replaced rollups may have come back older, too.

import type { Store } from '../store/store.ts'
import type { Manifest } from './manifest.ts'

export async function loadsOfEarlierBoots(
  store: Store,
  manifests: readonly Manifest[],
  bootId: string,
): Promise<{ present: Manifest[]; missing: Manifest[] }> {
  const asked = manifests.filter(manifest => manifest.bootId !== bootId && manifest.rows > 0)
  if (asked.length === 0) return { present: [], missing: [] }
  const found = await store.query<{ load: string }>(
    `select distinct load from events
     where received in {days:Array(Date)} and load in {loads:Array(UInt64)}`,
    {
      days: [...new Set(asked.map(({ received }) => received))],
      loads: asked.map(({ load }) => load),
    },
  )
  const there = new Set(found.map(({ load }) => Number(load)))
  return {
    present: asked.filter(({ load }) => there.has(load)),
    missing: asked.filter(({ load }) => !there.has(load)),
  }
}
