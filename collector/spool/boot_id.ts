// The machine's boot id: a segment of another boot has no living owner, whatever process has its pid today.

import { readFileSync } from 'node:fs'

/** Where the system has no boot id (macOS), segments are told apart by process id only. */
export const unknownBootId = '00000000-0000-0000-0000-000000000000'

export function readBootId(): string {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()
  } catch {
    return unknownBootId
  }
}
