// Where the CPU time of a run went, by role, and what that says about its limit.

import { availableParallelism } from 'node:os'
import { cpuMs, machineBusyMs } from './processes.mjs'

/** From here on the cores have nothing left to give. */
const busyShare = 0.9

export function mapValues(object, change) {
  return Object.fromEntries(Object.entries(object).map(([key, value]) => [key, change(value, key)]))
}

/** role → milliseconds of CPU so far. */
export function cpuByRole(roles) {
  return mapValues(roles, cpuMs)
}

/**
 * Starts the clock. What it returns ends it and gives the share of one core that each role used, `generator` too, `others`
 * for whatever else ran (where that is much, the figures tell little), and `machine`, the share of all cores in use.
 */
export function watchShares(roles) {
  const startedAt = performance.now()
  const before = cpuByRole(roles)
  const busyBefore = machineBusyMs()
  return generatorMs => {
    const tookMs = performance.now() - startedAt
    const used = mapValues(cpuByRole(roles), (ms, role) => (ms - before[role]) / tookMs)
    const machine = (machineBusyMs() - busyBefore) / tookMs / availableParallelism()
    const known = { ...used, generator: generatorMs / tookMs }
    const sum = Object.values(known).reduce((total, share) => total + share, 0)
    return { ...known, others: Math.max(0, machine * availableParallelism() - sum), machine }
  }
}

/** `all 2 cores are busy (acceptors 98 %, engine 40 %, generator 24 %, others 20 % of a core)` */
export function limitOf({ machine, supervisor: _, ...roles }) {
  const percent = share => `${Math.round(share * 100)} %`
  const parts = Object.entries(roles).map(([role, share]) => `${role} ${percent(share)}`)
  const what =
    machine >= busyShare
      ? `all ${availableParallelism()} cores are busy`
      : `${percent(1 - machine)} of the cores is idle`
  return `${what} (${parts.join(', ')} of a core)`
}
