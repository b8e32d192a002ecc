// The engine's process as the system knows it: from the moment at which the supervisor starts it, while data/serve.json names
// it only once it listens.

import { readFileSync } from 'node:fs'

export function enginePid(supervisor: number): number | undefined {
  return childrenOf(supervisor).find(pid => read(`/proc/${pid}/cmdline`).includes('engine_process'))
}

function childrenOf(pid: number): number[] {
  return read(`/proc/${pid}/task/${pid}/children`).split(' ').filter(Boolean).map(Number)
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return '' // the process has ended
  }
}
