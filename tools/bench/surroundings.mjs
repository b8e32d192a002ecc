// Whether a run can tell anything here.

import { existsSync, readdirSync, statfsSync, statSync } from 'node:fs'
import path from 'node:path'

const root = path.join(import.meta.dirname, '../..')
/** TMPFS_MAGIC of statfs(2). */
const tmpfs = 0x01021994

/** CPU time and memory are read from /proc. */
export function isLinux() {
  return existsSync('/proc/self/stat')
}

/** A disk that is none makes everything durable in no time. */
export function isInMemory(folder) {
  return statfsSync(folder).type === tmpfs
}

/** `missing`, `old` when a source is younger, or `current`. */
export function ageOfBuild() {
  const built = path.join(root, 'dist/collector/main.js')
  if (!existsSync(built)) return 'missing'
  const builtAt = statSync(built).mtimeMs
  const isYounger = file => statSync(file).mtimeMs > builtAt
  return ['contract', 'collector'].some(room => sourcesIn(room).some(isYounger)) ? 'old' : 'current'
}

function sourcesIn(room) {
  return readdirSync(path.join(root, room), { recursive: true })
    .filter(name => name.endsWith('.ts') && !name.endsWith('.test.ts'))
    .map(name => path.join(root, room, name))
}
