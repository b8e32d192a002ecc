// Who writes a segment, and does that process still live? A pid alone is not enough: after a restart of the machine or of
// a container it soon belongs to another. The boot id and the process's start time settle it where the system tells them
// (Linux); elsewhere the pid decides.

import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { readBootId, unknownBootId } from './boot_id.ts'
import { errorCode } from './files.ts'

export type Owner = { readonly pid: number; readonly processStart: number; readonly bootId: string }

/** Start in clock ticks since boot; 0 where unknown, -1 when there is no such process (a zombie writes no more). */
export function processStart(pid: number): number {
  if (process.platform !== 'linux') return 0
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
    // The command in parentheses may hold anything, `) Z 1` too; the fields begin behind the last parenthesis.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    if (fields[0] === 'Z' || fields[0] === 'X') return -1
    return Number(fields[19])
  } catch {
    return -1
  }
}

export function isAlive(owner: Owner): boolean {
  const bootId = readBootId()
  const isKnown = bootId !== unknownBootId && owner.bootId !== unknownBootId
  if (isKnown && bootId !== owner.bootId) return false
  if (!exists(owner.pid)) return false
  const start = processStart(owner.pid)
  if (start === -1) return false
  return start === 0 || owner.processStart === 0 || start === owner.processStart
}

function exists(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return errorCode(error) === 'EPERM'
  }
}

/**
 * Ends an orphan of a killed supervisor and waits until it is gone; false when it still lives after `timeoutMs`. Without a
 * start time the pid may be anybody's: then nothing is killed, and the orphan, which exits by itself when its channel to
 * the supervisor closes, is only waited for.
 */
export async function endOwner(owner: Owner, timeoutMs: number): Promise<boolean> {
  const isSure = owner.processStart > 0 && owner.pid > 1 && owner.pid !== process.pid
  if (isAlive(owner) && isSure) process.kill(owner.pid, 'SIGKILL')
  for (let waitedMs = 0; isAlive(owner); waitedMs += 20) {
    if (waitedMs >= timeoutMs) return false
    await sleep(20)
  }
  return true
}
