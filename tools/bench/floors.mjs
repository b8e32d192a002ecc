// The servers that Lightfoot is measured against, each a program of its own.

import { setTimeout as sleep } from 'node:timers/promises'
import { makeFolder, removeFolder } from './folders.mjs'
import { cpuMs, freeze, startNode, stopProcess, thaw } from './processes.mjs'

const restMs = 60_000
/** CPU time in ten times as long that counts as nothing. */
const idleMs = 20

/** `bare`, `express` or `naive`: a program that prints its port once it listens. */
export async function startFloor(name) {
  const folder = makeFolder()
  const child = startNode(`tools/bench/floor_${name}.mjs`, [folder])
  const port = await new Promise((resolve, reject) => {
    child.stdout.once('data', chunk => resolve(Number(chunk)))
    child.once('exit', () => reject(new Error(`the floor ${name} ended at its start`)))
  })
  return {
    port,
    roles: () => ({ server: [child.pid] }),
    freeze: () => freeze(child),
    thaw: () => thaw(child),
    untilAtRest: () => untilIdle(child.pid),
    async stop() {
      await stopProcess(child)
      removeFolder(folder)
    },
  }
}

/** A floor tells nothing of itself: it is at rest when it uses next to no CPU. */
async function untilIdle(pid) {
  const deadline = Date.now() + restMs
  for (let before = cpuMs([pid]), used = idleMs; used >= idleMs; before += used) {
    if (Date.now() > deadline) throw new Error(`a floor is still busy after ${restMs / 1000} s`)
    await sleep(10 * idleMs)
    used = cpuMs([pid]) - before
  }
}
