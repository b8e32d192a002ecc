// How many connections, and how many requests on them, one process holds. Node bounds the time that a request may take to
// arrive; nothing in it bounds their number, nor what is kept for a client that asks and never reads the answers. In
// doubt the one that has been served least lately goes, so that who comes new and asks at once always gets in.

import type { IncomingMessage, RequestListener, Server, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'

export type ConnectionLimits = {
  /** Past it the connection goes that has had no answer for longest: an idle one costs 7 to 12 KB, one with half a head 25. */
  readonly connectionsMax: number
  /** Requests of all connections without an answer that has been sent; past it the connection that waits longest goes. */
  readonly unansweredMax: number
  /**
   * Requests in a row on one connection without waiting for an answer. Node reads 64 KiB at a time, so without this bound
   * one write of 1,500 short requests keeps all other clients waiting. Past it the rest is not taken, and the connection
   * is closed once the first are answered: a client sends again what was not.
   */
  readonly pipelinedMax: number
}

/** Why a connection was cut. */
export const cutReasons = ['connections', 'unanswered', 'pipelined'] as const
export type CutReason = (typeof cutReasons)[number]

/** What is known of an open connection. `written` is what had been sent on it when it was last looked at. */
type Seat = {
  readonly socket: Socket
  written: number
  unanswered: number
  taken: number
  isFull: boolean
}

/** Looked at before one is cut although all of them were served since the last look. */
const looksMax = 32

export function limitConnections(
  server: Server,
  handle: RequestListener,
  { connectionsMax, unansweredMax, pipelinedMax }: ConnectionLimits,
  onCut: (reason: CutReason) => void,
): void {
  /** In the order in which they came or were last found to have been served. */
  const seats = new Map<Socket, Seat>()
  /** Those with requests that wait, who waits longest first. */
  const waiting = new Set<Seat>()
  let unanswered = 0

  server.on('connection', (socket: Socket) => {
    seats.set(socket, { socket, written: 0, unanswered: 0, taken: 0, isFull: false })
    socket.once('close', () => leave(socket))
    if (seats.size > connectionsMax) makeRoom()
  })

  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    const seat = seats.get(request.socket)
    // Cut a moment ago, while what it had sent was still being read.
    if (seat === undefined) return
    if (seat.unanswered++ === 0) waiting.add(seat)
    if (++unanswered > unansweredMax) cutLongestWaiting()
    if (seat.isFull || seat.unanswered > pipelinedMax) fill(seat)
    else {
      seat.taken++
      response.on('finish', () => answered(seat))
      handle(request, response)
    }
  })

  function answered(seat: Seat): void {
    if (!seats.has(seat.socket)) return
    unanswered--
    seat.taken--
    if (--seat.unanswered === 0) waiting.delete(seat)
    if (seat.isFull && seat.taken === 0) seat.socket.destroySoon()
  }

  function fill(seat: Seat): void {
    if (seat.isFull) return
    seat.isFull = true
    seat.socket.pause()
    stopParsing(seat.socket)
    onCut('pipelined')
  }

  function makeRoom(): void {
    let looks = 0
    for (const seat of seats.values()) {
      if (seat.socket.bytesWritten === seat.written || ++looks > looksMax) {
        cut(seat, 'connections')
        return
      }
      seats.delete(seat.socket)
      seat.written = seat.socket.bytesWritten
      seats.set(seat.socket, seat)
    }
  }

  function cutLongestWaiting(): void {
    const [longest] = waiting
    if (longest) cut(longest, 'unanswered')
  }

  function cut({ socket }: Seat, reason: CutReason): void {
    leave(socket)
    stopParsing(socket)
    socket.destroy()
    onCut(reason)
  }

  function leave(socket: Socket): void {
    const seat = seats.get(socket)
    if (seat === undefined) return
    seats.delete(socket)
    waiting.delete(seat)
    unanswered -= seat.unanswered
  }
}

/**
 * What is left of the 64 KiB that were read would still become requests and responses: 2,500 of them and 8 MB, before the
 * next connection has its turn. Node's own way to stop is the 2 that a handler of upgrades gives back to the parser: no
 * further message is on this connection. Should a Node have no such parser, the memory is held until the connection closes.
 */
function stopParsing(socket: Socket & { parser?: { onIncoming?: () => number } | null }): void {
  if (typeof socket.parser?.onIncoming === 'function') socket.parser.onIncoming = () => 2
}
