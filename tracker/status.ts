// An HTTP status: its class before consent, 404 → 400.

import { granted } from './gate.ts'

export function sentStatus(status: number): number {
  return granted(PURPOSE_OF.error) ? status : status - (status % 100)
}
