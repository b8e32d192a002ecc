// How many files and sockets this process may have open. Past it nothing can be accepted, and worse, no segment opened.

import { readFileSync } from 'node:fs'

/** Where the system does not say: what most systems give at least. Node raises its soft limit to the hard one at its start. */
const usual = 1024

export function openFilesMax(read: () => string = () => readFileSync('/proc/self/limits', 'utf8')): number {
  try {
    const soft = Number(/^Max open files\s+(\S+)/m.exec(read())?.[1]?.replace('unlimited', 'Infinity'))
    return Number.isNaN(soft) ? usual : soft
  } catch {
    return usual
  }
}
