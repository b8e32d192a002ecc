// `lightfoot serve`: the supervisor. It holds the data directory, starts the acceptors (cluster workers on one shared
// port) and the engine, starts the dead again, passes the configuration on, and stops everything in order. It takes no
// request and opens no database, so there is little in it that can fail.

import { type ChildProcess, fork } from 'node:child_process'
import cluster, { type Worker } from 'node:cluster'
import { extname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Config } from '../config/config.ts'
import { readBootId } from '../spool/boot_id.ts'
import { sealSegments } from '../spool/recovery.ts'
import { type Child, keepChild } from './child.ts'
import type { DataLock, Owner } from './data_lock.ts'
import {
  childName,
  firstRefusal,
  type House,
  hear,
  heardAcknowledged,
  ownerOf,
  startOf,
  writeDown,
} from './house.ts'
import { describeError, type Log } from './log.ts'
import { removeServeFile } from './serve_file.ts'
import type { ServeOptions } from './serve_options.ts'
import { steadyNow } from './steady_now.ts'
import { takeOver } from './take_over.ts'
import { createTally } from './tally.ts'

const acceptorGraceMs = 8000
const engineGraceMs = 10_000
const tellMs = 1000
/** The database may be on another machine and away: then the product runs, takes events, and says so. */
const databaseWaitMs = 20_000

export type Served = {
  readonly owner: Owner
  isDatabaseOpen(): boolean
  reload(config: Config): void
  /** Resolves with the one clear line of a process that could not work until the end, if there was one. */
  stop(): Promise<string | undefined>
}

/** Resolves with the running product, or with the one clear line why a child refuses (port in use, edited migration). */
export async function supervise(options: ServeOptions, lock: DataLock, log: Log): Promise<Served | string> {
  const obstacle = await takeOver(options.settings.dataDirectory)
  if (obstacle !== undefined) return obstacle
  const house = build(options, lock, log)
  const engine = keep(house, 0)
  house.children.push(engine)
  for (let slot = 1; slot <= options.settings.workers; slot++) house.children.push(keep(house, slot))
  writeDown(house)
  const telling = setInterval(() => void tellAll(house, engine), tellMs)
  const stop = async () => {
    clearInterval(telling)
    await stopAll(house, engine)
    return firstRefusal(house)
  }
  await settled(house)
  const refusal = firstRefusal(house)
  if (refusal !== undefined) {
    await stop()
    return refusal
  }
  house.isUp = true
  return { owner: ownerOf(house), isDatabaseOpen: () => house.isDatabaseOpen, reload: reloadOf(house), stop }
}

function build(options: ServeOptions, lock: DataLock, log: Log): House {
  const bootId = readBootId()
  cluster.schedulingPolicy = cluster.SCHED_NONE
  cluster.setupPrimary({ exec: processFile('acceptor_process'), args: [] })
  const { adminPort } = options.settings
  return {
    options,
    lock,
    log,
    tally: createTally(),
    bootId,
    children: [],
    config: options.readConfig(),
    adminPort,
    listening: new Set(),
    isDatabaseOpen: false,
    // What an earlier process acknowledged lies in the spool.
    progress: { acknowledgedAt: Date.now() },
    refusals: new Map(),
    isUp: false,
    onChange: () => {},
  }
}

function keep(house: House, slot: number): Child {
  const name = childName(slot)
  return keepChild({
    launch: slot === 0 ? forkEngine : forkAcceptor,
    start: () => startOf(house, slot),
    onMessage: message => hear(house, slot, message),
    async afterDeath(last) {
      await putInOrder(house, 'the last figures of a process are lost', async () => {
        if (last) house.tally.retire(last)
      })
      // Perhaps in its last second, which it could not tell.
      if (slot > 0) heardAcknowledged(house, Date.now())
      // The engine writes segments too, while it imports.
      await putInOrder(house, 'segments of a dead process cannot be sealed', () => sealLeft(house, slot))
    },
    onNotStarted(error) {
      house.log.error({ ...describeError(error), child: name, slot }, 'a process cannot be started')
    },
    onRestart() {
      house.tally.restarted(name)
      house.log.warn({ child: name, slot }, 'a process ended and is started again')
    },
    now: steadyNow,
  })
}

function forkEngine(): ChildProcess {
  return fork(processFile('engine_process'))
}

function forkAcceptor(): Worker {
  return cluster.fork()
}

/** `…/dist/collector/serve/engine_process.js`, beside this file and of its kind. */
function processFile(name: string): string {
  const here = fileURLToPath(import.meta.url)
  return join(here, '..', name + extname(here))
}

function spoolOf(options: ServeOptions): string {
  return join(options.settings.dataDirectory, 'spool')
}

async function sealLeft(house: House, slot: number): Promise<void> {
  await sealSegments({ directory: spoolOf(house.options), slot })
}

/** Whatever a dead child left, the next one starts. */
async function putInOrder(house: House, failure: string, work: () => Promise<void>): Promise<void> {
  try {
    await work()
  } catch (error) {
    house.log.error(describeError(error), failure)
  }
}

/** Everything listens and the database is open, or somebody refuses, or the database stays away. */
function settled(house: House): Promise<void> {
  return new Promise(resolve => {
    const listeners = house.options.settings.workers + 1
    const timer = setTimeout(resolve, databaseWaitMs)
    house.onChange = () => {
      const isUp = house.listening.size === listeners && house.isDatabaseOpen
      if (!isUp && house.refusals.size === 0) return
      clearTimeout(timer)
      resolve()
    }
  })
}

/**
 * Each process says the lag, and the engine answers /metrics for all, itself included: what it has told comes back to it,
 * so a counter that was once shown is known here, and stays in the sum when its process dies.
 */
async function tellAll(house: House, engine: Child): Promise<void> {
  for (const child of house.children) child.send({ kind: 'progress', progress: house.progress })
  // In one go: a process that dies between the two would be missing in both.
  const living = house.children.map(child => child.snapshot() ?? [])
  const dead = await house.tally.snapshots()
  engine.send({ kind: 'snapshots', snapshots: [...living, ...dead] })
}

function reloadOf(house: House): (config: Config) => void {
  return config => {
    house.config = config
    for (const child of house.children) child.send({ kind: 'config', config })
  }
}

/** Acceptors first: what they have acknowledged is then sealed. What the engine does not load any more waits for the next start. */
async function stopAll(house: House, engine: Child): Promise<void> {
  const acceptors = house.children.filter(child => child !== engine)
  await Promise.all(acceptors.map(child => child.stop(acceptorGraceMs)))
  await engine.stop(engineGraceMs)
  removeServeFile(house.options.settings.dataDirectory)
  house.lock.release()
}
