// The screen's width, in classes or in buckets: `1366×768 → large`, or `1360` with a purpose. An exact size, and the
// viewport's above all, tells one visitor from the next.

import { bucketOf, screenClassOf, screenEdges } from '../../../contract/steps.ts'
import type { BatchCells } from '../cells.ts'
import type { Context, Draft } from './context.ts'

export function putScreen(cells: Draft<BatchCells>, { gate, permitted }: Context): void {
  const width = permitted.batch.device?.screen?.[0] ?? 0
  if (gate.screen === 'nothing' || width === 0) return
  cells.screen = gate.screen === 'granted' ? String(bucketOf(screenEdges, width)) : screenClassOf(width)
}
