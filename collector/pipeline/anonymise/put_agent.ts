// Browser, system and device: families first, the major version only with a purpose. The user agent itself stays behind.

import type { BatchCells } from '../cells.ts'
import type { Context, Draft } from './context.ts'

export function putAgent(cells: Draft<BatchCells>, { gate, lookups, permitted }: Context): void {
  if (gate.agent === 'nothing') return
  const agent = lookups.parseAgent(permitted.userAgent)
  cells.browser = agent.browser
  cells.system = agent.system
  cells.device = agent.device
  if (gate.agent !== 'granted') return
  cells.browser_version = agent.browserVersion
  cells.system_version = agent.systemVersion
}
