// How long a day's key outlives its day. The demo keeps its keys for as long as events may be late, because the days that
// `lightfoot demo` fills are past ones; its site is on this machine only and its visitors are made up.

import { limits } from '../../contract/limits.ts'

const hourMs = 3600 * 1000

export function keyLifetimeMs(isDemo: boolean): number {
  return isDemo ? limits.eventAgeMsMax + 2 * hourMs : 2 * hourMs
}
