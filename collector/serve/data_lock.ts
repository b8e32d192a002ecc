// The data directory belongs to one process. Its owner listens on a unix socket in it (the kernel closes the socket
// with its owner, so a lock cannot outlive a crash) and answers whoever connects with what it is and where it can be asked.
// The file of a socket can be removed under its owner (many systems tidy /tmp); then serve.json still tells of a server.

import { createHash } from 'node:crypto'
import { mkdirSync, realpathSync, rmSync } from 'node:fs'
import { createConnection, createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { livingServer } from './serve_file.ts'

export type Owner = {
  readonly pid: number
  /** Of the private and the public listener; '' while it starts, and for commands. */
  readonly adminUrl: string
  readonly publicUrl: string
}

export type DataLock = { setOwner(owner: Owner): void; release(): void }

/** Where a stale socket was taken over, a rival may have done the same; after this long the later one has won. */
const settleMs = 250
const askMs = 2000
/** sun_path holds 108 bytes on Linux and 104 on macOS. */
const socketPathBytesMax = 100

/** The lock, or its present owner. Creates the directory. */
export async function lockData(directory: string): Promise<{ lock: DataLock } | { owner: Owner }> {
  mkdirSync(directory, { recursive: true, mode: 0o700 })
  const path = socketPath(directory)
  let owner: Owner = { pid: process.pid, adminUrl: '', publicUrl: '' }
  const server = createServer(socket => {
    socket.on('error', () => {})
    socket.end(JSON.stringify(owner))
  })
  server.unref()
  const rival = serverWithoutSocket(directory) ?? (await takeOver(server, path))
  if (rival) return { owner: rival }
  return {
    lock: {
      setOwner: next => {
        owner = next
      },
      release: () => server.close(),
    },
  }
}

/** Undefined once the lock is ours, else its owner. */
async function takeOver(server: Server, path: string): Promise<Owner | undefined> {
  if (await bind(server, path)) return undefined
  const owner = await askOwner(path)
  if (owner) return owner
  rmSync(path, { force: true })
  if (!(await bind(server, path))) return (await askOwner(path)) ?? { pid: 0, adminUrl: '', publicUrl: '' }
  await sleep(settleMs)
  const winner = await askOwner(path)
  if (winner?.pid === process.pid) return undefined
  server.close()
  return winner ?? { pid: 0, adminUrl: '', publicUrl: '' }
}

/** Who owns the data directory now; undefined when nobody does. */
export async function dataOwner(directory: string): Promise<Owner | undefined> {
  return (await askOwner(socketPath(directory))) ?? serverWithoutSocket(directory)
}

function serverWithoutSocket(directory: string): Owner | undefined {
  const { pid, adminUrl, publicUrl } = livingServer(directory) ?? {}
  return pid === undefined || adminUrl === undefined || publicUrl === undefined
    ? undefined
    : { pid, adminUrl, publicUrl }
}

function bind(server: Server, path: string): Promise<boolean> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE') resolve(false)
      else reject(error)
    })
    server.listen(path, () => {
      server.removeAllListeners('error')
      resolve(true)
    })
  })
}

/** An owner that holds the socket but does not answer in time is there all the same. */
function askOwner(path: string): Promise<Owner | undefined> {
  return new Promise(resolve => {
    let answer = ''
    const socket = createConnection(path)
    socket.setTimeout(askMs, () => {
      socket.destroy()
      resolve({ pid: 0, adminUrl: '', publicUrl: '' })
    })
    socket.on('data', chunk => {
      answer += chunk
    })
    socket.on('error', () => resolve(undefined))
    socket.on('end', () => resolve(parseOwner(answer)))
  })
}

function parseOwner(answer: string): Owner {
  try {
    return JSON.parse(answer) as Owner
  } catch {
    return { pid: 0, adminUrl: '', publicUrl: '' }
  }
}

/** In the directory itself, or under a name made from it where that path is too long for a socket. */
function socketPath(directory: string): string {
  const path = join(directory, 'serve.sock')
  if (Buffer.byteLength(path) <= socketPathBytesMax) return path
  let real = directory
  try {
    real = realpathSync(directory)
  } catch {
    // It does not exist yet, so nobody owns it.
  }
  return join(tmpdir(), `lightfoot-${createHash('sha256').update(real).digest('hex').slice(0, 16)}.sock`)
}
