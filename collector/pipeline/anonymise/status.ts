// The HTTP status of a page or of what failed: the code with a purpose, its class before: `404 → 400`.

import type { Gate } from '../gate.ts'

export function statusCell(status: number | undefined, gate: Gate): number {
  if (status === undefined || gate.error === 'nothing') return 0
  return gate.error === 'granted' ? status : status - (status % 100)
}
