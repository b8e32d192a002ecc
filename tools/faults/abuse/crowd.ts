// Many raw connections to one port, and what came of them: the tool of every abuse. Raw, because no HTTP client would send
// what is sent here.

import { connect, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'

export type Tally = {
  opened: number
  /** Ended by the collector, in whatever way. */
  ended: number
  failed: number
  /** How often each status was answered, on all connections. */
  readonly statuses: Record<string, number>
}

export type Crowd = {
  readonly port: number
  readonly tally: Tally
  /** `count` connections, 100 of them being opened at a time; each sends `first` as soon as it is open. */
  open(count: number, first: string | Buffer, reads?: boolean): Promise<Socket[]>
}

const atOnce = 100

export function createCrowd(port: number): Crowd {
  const tally: Tally = { opened: 0, ended: 0, failed: 0, statuses: {} }

  function openOne(first: string | Buffer, reads: boolean): Promise<Socket> {
    return new Promise(resolve => {
      const socket = connect({ port, host: '127.0.0.1', noDelay: true }, () => {
        tally.opened++
        if (first.length > 0) socket.write(first)
        resolve(socket)
      })
      if (reads) socket.on('data', chunk => countStatuses(tally, chunk))
      else socket.pause()
      let hasEnded = false
      const end = () => {
        if (!hasEnded) tally.ended++
        hasEnded = true
      }
      socket.on('end', end)
      socket.on('error', () => {
        if (socket.connecting) tally.failed++
        else end()
        resolve(socket)
      })
    })
  }

  return {
    port,
    tally,
    async open(count, first, reads = true) {
      const sockets: Socket[] = []
      let left = count
      const next = async () => {
        while (left-- > 0) sockets.push(await openOne(first, reads))
      }
      await Promise.all(Array.from({ length: atOnce }, next))
      return sockets
    },
  }
}

/** `send` to each that is still open, again and again, until `untilMs` of performance.now or none is. */
export async function every(
  sockets: readonly Socket[],
  pauseMs: number,
  untilMs: number,
  send: (socket: Socket) => void,
): Promise<void> {
  const open = () => sockets.filter(socket => socket.writable)
  for (let left = open(); performance.now() < untilMs && left.length > 0; left = open()) {
    for (const socket of left) send(socket)
    await sleep(pauseMs)
  }
}

/** Each has been answered or has ended, or a second has gone by. */
export async function answered(sockets: readonly Socket[]): Promise<void> {
  const untilMs = performance.now() + 1000
  const waits = () => sockets.some(socket => socket.bytesRead === 0 && !socket.destroyed)
  while (waits() && performance.now() < untilMs) await sleep(2)
}

function countStatuses({ statuses }: Tally, chunk: Buffer): void {
  for (const [, status = ''] of chunk.toString('latin1').matchAll(/HTTP\/1\.1 (\d{3}) /g)) {
    statuses[status] = (statuses[status] ?? 0) + 1
  }
}
