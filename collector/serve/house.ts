// What the supervisor knows: the configuration of now, the ports, its children and what they have said so far.

import type { Config } from '../config/config.ts'
import { processStart } from '../spool/owner.ts'
import type { Child } from './child.ts'
import type { DataLock, Owner } from './data_lock.ts'
import { later, type Progress } from './lag.ts'
import { describeError, type Log } from './log.ts'
import type { ChildStart, FromChild } from './messages.ts'
import { writeServeFile } from './serve_file.ts'
import type { ServeOptions } from './serve_options.ts'
import type { Tally } from './tally.ts'

export type House = {
  readonly options: ServeOptions
  readonly lock: DataLock
  readonly log: Log
  readonly tally: Tally
  readonly bootId: string
  readonly children: Child[]
  config: Config
  adminPort: number
  /** Slots that listen, 0 for the engine. */
  readonly listening: Set<number>
  isDatabaseOpen: boolean
  progress: Progress
  /** By slot, the line of a child that cannot work at all; forgotten once it listens. */
  readonly refusals: Map<number, string>
  /** The start is over. */
  isUp: boolean
  /** Called after each message. */
  onChange(): void
}

export function ownerOf(house: House): Owner {
  const { settings } = house.options
  return {
    pid: process.pid,
    adminUrl: `http://${shownHost(settings.adminHost)}:${house.adminPort}`,
    publicUrl: `http://${shownHost(settings.host)}:${settings.port}`,
  }
}

/** Every address of this machine is shown as the one that a browser on it can open. */
function shownHost(host: string): string {
  if (host === '0.0.0.0' || host === '::') return '127.0.0.1'
  return host.includes(':') ? `[${host}]` : host
}

export function startOf(house: House, slot: number): ChildStart {
  const { options, config, bootId, adminPort } = house
  const settings = { ...options.settings, adminPort }
  const { isDemo, isDemoOnly } = options
  return { settings, config, isDemo, isDemoOnly, slot, bootId, publicUrl: ownerOf(house).publicUrl }
}

export function hear(house: House, slot: number, message: FromChild): void {
  const now = Date.now()
  if (message.kind === 'loaded')
    house.progress = { ...house.progress, loadedUntil: later(house.progress.loadedUntil, message.until, now) }
  else if (message.kind === 'acknowledged') heardAcknowledged(house, message.at)
  else if (message.kind === 'refused') heardRefusal(house, slot, message.message)
  else if (message.kind === 'ready') house.isDatabaseOpen = true
  else if (message.kind === 'listening') {
    house.listening.add(slot)
    house.refusals.delete(slot)
    if (slot === 0) house.adminPort = message.port
    tellOwner(house)
  }
  house.onChange()
}

/**
 * At the start it ends the product, which says it as its one line. Later the other processes go on, and what they
 * acknowledge is safe; the child is started again until what it names is put right, and each time the log says it.
 */
function heardRefusal(house: House, slot: number, refusal: string): void {
  house.refusals.set(slot, refusal)
  if (house.isUp) house.log.error({ child: childName(slot), slot, refusal }, 'a process cannot work')
}

export function firstRefusal({ refusals }: House): string | undefined {
  const [first] = refusals.values()
  return first
}

/** Slot 0 is the engine, the others are acceptors. */
export function childName(slot: number): 'engine' | 'acceptor' {
  return slot === 0 ? 'engine' : 'acceptor'
}

export function heardAcknowledged(house: House, at: number): void {
  const { acknowledgedAt } = house.progress
  house.progress = { ...house.progress, acknowledgedAt: later(acknowledgedAt, at, Date.now()) }
}

/** Tells who asks, and writes down, what runs here. */
export function tellOwner(house: House): void {
  house.lock.setOwner(ownerOf(house))
  writeDown(house)
}

export function writeDown(house: House): void {
  const { bootId } = house
  const described = (pid: number) => ({ pid, processStart: processStart(pid), bootId })
  const children = house.children.flatMap(child => child.pid() ?? []).map(described)
  const content = { ...described(process.pid), ...ownerOf(house), children }
  try {
    writeServeFile(house.options.settings.dataDirectory, content)
  } catch (error) {
    house.log.error(describeError(error), 'serve.json cannot be written')
  }
}
