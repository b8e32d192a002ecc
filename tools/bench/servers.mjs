// What is measured, all of one shape: a floor or the built product, with its port, its processes by role, and when it has
// nothing left to do.

import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import {
  commandLine,
  cpuMs,
  freePort,
  freeze,
  nameChildren,
  startNode,
  stopProcess,
  stopProcesses,
  thaw,
} from './processes.mjs'

const readyMs = 45_000
const restMs = 300_000
/** What acceptors count is in /metrics at most so much later. */
export const metricsMs = 2500
/** CPU time in ten times as long that counts as nothing. */
const idleMs = 20

const folders = new Set()

function makeFolder() {
  const folder = mkdtempSync(path.join(tmpdir(), 'lightfoot-bench-'))
  folders.add(folder)
  return folder
}

function removeFolder(folder) {
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
  folders.delete(folder)
}

/** Whatever is left when a measure fails or is interrupted. */
export async function stopEverything() {
  await stopProcesses()
  for (const folder of folders) removeFolder(folder)
}

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

/**
 * The built product with its demo site, in a folder of its own. `withoutFsync`: its fdatasync does nothing, see
 * no_fsync.mjs; `confirmWithoutFsync` then throws if that was not so.
 */
export async function startLightfoot({ workers, withoutFsync = false } = {}) {
  const folder = makeFolder()
  const [port, adminPort] = [await freePort(), await freePort()]
  const preload = new URL('no_fsync.mjs', import.meta.url).href
  const child = startNode('dist/collector/main.js', ['serve', '--demo'], {
    LIGHTFOOT_DATA: path.join(folder, 'data'),
    // The demo alone, whatever configuration lies about.
    LIGHTFOOT_CONFIG: path.join(folder, 'none.json'),
    LIGHTFOOT_PORT: String(port),
    LIGHTFOOT_ADMIN_PORT: String(adminPort),
    LIGHTFOOT_WORKERS: workers === undefined ? '' : String(workers),
    ...(withoutFsync && { NODE_OPTIONS: `--import=${preload}`, BENCH_NO_FSYNC: folder }),
  })
  const admin = adminOf(adminPort)
  await untilReady([port, adminPort], child, admin)
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

/** Both listeners can do their work, and the acceptors' figures have come to the private one. */
async function untilReady(ports, child, { metrics }) {
  const deadline = Date.now() + readyMs
  for (;;) {
    const answers = await Promise.all(
      ports.map(port => fetch(`http://127.0.0.1:${port}/readyz`).catch(() => undefined)),
    )
    const isReady = answers.every(answer => answer?.ok)
    if (isReady && hasFigures(await metrics())) return
    if (child.exitCode !== null)
      throw new Error('the collector ended at its start; is it built? (npm run build)')
    if (Date.now() > deadline)
      throw new Error(`the collector did not become ready within ${readyMs / 1000} s`)
    await sleep(100)
  }
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

/** What the private listener tells, as anyone may ask it. */
function adminOf(port) {
  const ask = async what => {
    const response = await fetch(`http://127.0.0.1:${port}${what}`)
    if (!response.ok)
      throw new Error(`the private listener answered ${response.status} to ${what.split('?')[0]}`)
    return response
  }
  return {
    status: async () => (await ask('/api/status')).json(),
    /** name → sum over its labels. */
    async metrics() {
      const sums = new Map()
      for (const [, name, value] of (await (await ask('/metrics')).text()).matchAll(
        /^(\w+)(?:\{[^}]*\})? (\S+)$/gm,
      ))
        sums.set(name, (sums.get(name) ?? 0) + Number(value))
      return name => {
        if (!sums.has(name)) throw new Error(`/metrics has no ${name}, from which the bench is made`)
        return sums.get(name)
      }
    },
    /** All events that the report `totals` counts. */
    async reported() {
      const day = offset => new Date(Date.now() + offset * 86_400_000).toISOString().slice(0, 10)
      const query = new URLSearchParams({ site: 'demo', from: day(-4), to: day(1), format: 'json' })
      const { rows } = await (await ask(`/api/reports/totals?${query}`)).json()
      return rows.reduce((sum, row) => sum + Number(row.events), 0)
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
      `of ${groups} groups only ${avoided} fdatasyncs were made to do nothing: see bench/no_fsync.mjs`,
    )
}
