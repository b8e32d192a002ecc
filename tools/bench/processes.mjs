// The processes of a run: started, frozen while another is measured, stopped at the end; and what Linux tells of them.

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:net'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { removeFolders } from './folders.mjs'

const root = path.join(import.meta.dirname, '../..')
/** Linux counts CPU time in hundredths of a second. */
const msPerTick = 10
const stopMs = 30_000
/** child → its own process id and those of its children: the one that watches over the others first. */
const running = new Map()

/** A Node program of this repository; its standard output can be read, its standard error is ours. */
export function startNode(file, parameters, env = {}) {
  const child = spawn(process.execPath, [path.join(root, file), ...parameters], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  running.set(child, [child.pid])
  child.once('exit', () => running.delete(child))
  return child
}

export function nameChildren(child, pids) {
  running.set(child, [child.pid, ...pids])
}

/** SIGTERM, and SIGKILL for who does not end in time. */
export async function stopProcess(child) {
  const pids = running.get(child)
  if (pids === undefined) return
  const exited = new Promise(resolve => child.once('exit', resolve))
  thaw(child)
  child.kill('SIGTERM')
  const late = await Promise.race([exited, sleep(stopMs, 'late', { ref: false })])
  if (late === 'late') for (const pid of pids) signal(pid, 'SIGKILL')
  await exited
}

/** Whatever is left when a measure fails or is interrupted. */
export async function stopEverything() {
  await Promise.all([...running.keys()].map(stopProcess))
  removeFolders()
}

/** Takes no CPU until it is thawed; its children neither. */
export function freeze(child) {
  for (const pid of running.get(child) ?? []) signal(pid, 'SIGSTOP')
}

export function thaw(child) {
  for (const pid of [...(running.get(child) ?? [])].reverse()) signal(pid, 'SIGCONT')
}

function signal(pid, name) {
  try {
    process.kill(pid, name)
  } catch {
    // It has ended already.
  }
}

/** Milliseconds of CPU that these processes have used, all their threads included. */
export function cpuMs(pids) {
  return pids.reduce((sum, pid) => sum + ticks(pid, [11, 12]) * msPerTick, 0)
}

/** Of this process and of all children that have ended: during a run that is the generator, be it wrk or autocannon. */
export function generatorCpuMs() {
  return ticks(process.pid, [11, 12, 13, 14]) * msPerTick
}

/** Fields of /proc/PID/stat, counted from behind the name, which may hold anything. */
function ticks(pid, fields) {
  const stat = readProc(`${pid}/stat`)
  const values = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return fields.reduce((sum, field) => sum + Number(values[field] ?? 0), 0)
}

/** All cores, whoever used them, in milliseconds: what is left of the wall-clock time × cores was idle. */
export function machineBusyMs() {
  const [, user, nice, system, , , irq, softirq] = readProc('stat').split('\n')[0].split(/\s+/).map(Number)
  return (user + nice + system + irq + softirq) * msPerTick
}

/** Resident bytes; pages that two processes share (the program itself) count in each. */
export function residentBytes(pids) {
  return pids.reduce((sum, pid) => {
    const kilobytes = Number(/^VmRSS:\s+(\d+)/m.exec(readProc(`${pid}/status`))?.[1] ?? 0)
    return sum + kilobytes * 1024
  }, 0)
}

export function commandLine(pid) {
  return readProc(`${pid}/cmdline`)
}

/** '' for a process that has ended. */
function readProc(name) {
  try {
    return readFileSync(`/proc/${name}`, 'utf8')
  } catch {
    return ''
  }
}

/** Both are free now; another program may be quicker. */
export async function twoFreePorts() {
  const servers = [createServer(), createServer()]
  await Promise.all(servers.map(server => once(server.listen(0, '127.0.0.1'), 'listening')))
  const ports = servers.map(server => server.address().port)
  await Promise.all(servers.map(server => once(server.close(), 'close')))
  return ports
}
