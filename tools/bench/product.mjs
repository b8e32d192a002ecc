// The built product, of the same shape as a floor: its port, its processes by role, and when it has nothing left to do.

import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { makeFolder, removeFolder } from './folders.mjs'
import { privateListener } from './private_listener.mjs'
import {
  commandLine,
  freeze,
  nameChildren,
  startNode,
  stopProcess,
  thaw,
  twoFreePorts,
} from './processes.mjs'

const readyMs = 45_000
const startsMax = 3
const restMs = 300_000
/** What acceptors count is in /metrics at most so much later. */
export const metricsMs = 2500

/**
 * The built product with its demo site, in a folder of its own. `withoutFsync`: it does not wait for the
 * disk, see no_fsync.mjs; `confirmWithoutFsync` then throws if that was not so.
 */
export async function startLightfoot({ workers, withoutFsync = false } = {}) {
  const folder = makeFolder()
  const { child, port, adminPort } = await launch(folder, { workers, withoutFsync })
  const admin = privateListener(adminPort)
  const pids = pidsOf(path.join(folder, 'data'), child.pid)
  nameChildren(child, [...pids.acceptors, ...pids.engine])
  return {
    port,
    ...admin,
    roles: () => pids,
    freeze: () => freeze(child),
    thaw: () => thaw(child),
    // Days may still wait for their turn to be folded.
    untilAtRest: () => untilAtRest(admin.status, ({ folding }) => !folding),
    untilFolded: () =>
      untilAtRest(admin.status, ({ folding, dirtyDays }) => !folding && dirtyDays.length === 0),
    ...(withoutFsync && { confirmWithoutFsync: () => confirmWithoutFsync(folder, admin) }),
    /** `look` at the data directory when no process uses it any more. */
    async stop(look = async () => {}) {
      await stopProcess(child)
      await look(path.join(folder, 'data'))
      removeFolder(folder)
    },
  }
}

/** Again with other ports when it ends at its start, since those were free and need not have stayed so. */
async function launch(folder, options) {
  for (let tries = 1; ; tries++) {
    const [port, adminPort] = await twoFreePorts()
    const child = startNode(
      'dist/collector/main.js',
      ['serve', '--demo'],
      environment(folder, port, adminPort, options),
    )
    if (await becomesReady(child, port, adminPort)) return { child, port, adminPort }
    if (tries === startsMax) throw new Error('the collector ended at its start')
  }
}

function environment(folder, port, adminPort, { workers, withoutFsync }) {
  const preload = new URL('no_fsync.mjs', import.meta.url).href
  return {
    LIGHTFOOT_DATA: path.join(folder, 'data'),
    // The demo alone, whatever configuration lies about.
    LIGHTFOOT_CONFIG: path.join(folder, 'none.json'),
    LIGHTFOOT_PORT: String(port),
    LIGHTFOOT_ADMIN_PORT: String(adminPort),
    LIGHTFOOT_WORKERS: workers === undefined ? '' : String(workers),
    ...(withoutFsync && { NODE_OPTIONS: `--import=${preload}`, BENCH_NO_FSYNC: folder }),
  }
}

/** Both listeners can do their work, and the acceptors' figures have come to the private one; false when it has ended. */
async function becomesReady(child, port, adminPort) {
  const { metrics } = privateListener(adminPort)
  const deadline = Date.now() + readyMs
  while (child.exitCode === null) {
    const answers = await Promise.all([port, adminPort].map(askReadiness))
    if (answers.every(answer => answer?.ok) && hasFigures(await metrics())) return true
    if (Date.now() > deadline)
      throw new Error(`the collector did not become ready within ${readyMs / 1000} s`)
    await sleep(100)
  }
  return false
}

function askReadiness(port) {
  return fetch(`http://127.0.0.1:${port}/readyz`).catch(() => undefined)
}

function hasFigures(metric) {
  try {
    return metric('lightfoot_events_accepted_total') === 0
  } catch {
    return false
  }
}

function pidsOf(dataDirectory, supervisor) {
  const { children } = JSON.parse(readFileSync(path.join(dataDirectory, 'serve.json'), 'utf8'))
  const isEngine = ({ pid }) => commandLine(pid).includes('engine_process')
  const pids = which => children.filter(which).map(({ pid }) => pid)
  return {
    supervisor: [supervisor],
    acceptors: pids(child => !isEngine(child)),
    engine: pids(isEngine),
  }
}

/** Everything acknowledged is loaded, and folded as far as `isFolded` wants it. */
async function untilAtRest(status, isFolded) {
  const deadline = Date.now() + restMs
  for (let quiet = 0; quiet < 2; ) {
    if (Date.now() > deadline) throw new Error(`events still wait to be loaded after ${restMs / 1000} s`)
    const { spool, load, fold } = await status()
    quiet = spool.bytes === 0 && load?.state === 'idle' && fold && isFolded(fold) ? quiet + 1 : 0
    await sleep(100)
  }
}

/** Were the product to make its groups durable in another way, it would be compared with itself: then it fails. */
async function confirmWithoutFsync(folder, { metrics }) {
  await sleep(metricsMs)
  const groups = (await metrics())('lightfoot_spool_groups_total')
  const avoided = readdirSync(folder)
    .filter(name => name.endsWith('.fsyncs'))
    .reduce((sum, name) => sum + Number(readFileSync(path.join(folder, name), 'utf8')), 0)
  if (groups === 0 || avoided < groups)
    throw new Error(
      `of ${groups} groups only ${avoided} were made not to wait for the disk: see bench/no_fsync.mjs`,
    )
}
