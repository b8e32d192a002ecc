// How long a day's key outlives its day. The demo by itself keeps its keys for as long as events may be late, because the
// days that `lightfoot demo` fills are past ones; its site is on this machine only and its visitors are made up. Beside real
// sites it does not: a key belongs to a time zone, and real visitors of that zone would have their ids under it.

import { limits } from '../../contract/limits.ts'

const hourMs = 3600 * 1000

export function keyLifetimeMs({ isDemoOnly }: { readonly isDemoOnly: boolean }): number {
  return isDemoOnly ? limits.eventAgeMsMax + 2 * hourMs : 2 * hourMs
}
