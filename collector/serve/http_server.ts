// An HTTP server with limits of time and number: who sends slowly is cut off, who stays idle is let go, and who opens many
// connections takes the place of nobody else.

import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Express } from 'express'
import { expressPrototypes } from '../http/express_prototypes.ts'
import { type ConnectionLimits, type CutReason, limitConnections } from './connection_limits.ts'
import { openFilesMax } from './open_files.ts'

export type HttpLimits = ConnectionLimits & {
  readonly headersMs: number
  readonly requestMs: number
  /** Nothing moves on the connection, neither in nor out: an answer that is not read. 0 is no limit. */
  readonly stillMs: number
  readonly checkMs: number
}

/** An app, and who answers in front of it: requests and responses are of the app. */
export type Served = { readonly app: Express; readonly listener: RequestListener }

/** Files that a process needs beside its connections: segments, keys, journals, the database's. */
const ownFiles = 256

const defaults: HttpLimits = {
  headersMs: 10_000,
  requestMs: 20_000,
  stillMs: 0,
  checkMs: 2000,
  connectionsMax: Math.max(ownFiles, Math.min(10_000, openFilesMax() - ownFiles)),
  unansweredMax: 10_000,
  pipelinedMax: 16,
}

/** Node looks for late requests every `checkMs` and answers them 408. `onCut` hears of each connection that had to go. */
export function httpServer(
  served: Express | Served,
  given: Partial<HttpLimits> = {},
  onCut: (reason: CutReason) => void = () => {},
): Server {
  const limits = { ...defaults, ...given }
  const { app, listener } = 'listener' in served ? served : { app: served, listener: served }
  const server = createServer({
    headersTimeout: limits.headersMs,
    requestTimeout: limits.requestMs,
    connectionsCheckingInterval: limits.checkMs,
    keepAliveTimeout: 10_000,
    maxHeaderSize: 16 * 1024,
    ...expressPrototypes(app),
  })
  server.timeout = limits.stillMs
  server.maxHeadersCount = 100
  limitConnections(server, listener, limits, onCut)
  // Node would answer an unknown `Expect` by itself, past the limits and without our headers and form; the app refuses it.
  server.on('checkExpectation', (request, response) => server.emit('request', request, response))
  return server
}

/** The port that it really got. Rejects with the system's error (EADDRINUSE, EACCES). */
export function listen(server: Server, port: number, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, () => {
      server.off('error', reject)
      resolve((server.address() as AddressInfo).port)
    })
  })
}

/**
 * Stops accepting and waits until what is asked is answered, at most `graceMs`; then cuts. Connections that are kept alive
 * would otherwise bring new requests for as long as they last.
 */
export function closeServer(server: Server, graceMs: number): Promise<void> {
  server.prependListener('request', (_request, response) => {
    response.setHeader('Connection', 'close')
  })
  const closeIdle = setInterval(() => server.closeIdleConnections(), 20)
  const cut = setTimeout(() => server.closeAllConnections(), graceMs)
  return new Promise(resolve => {
    server.close(() => {
      clearInterval(closeIdle)
      clearTimeout(cut)
      resolve()
    })
    server.closeIdleConnections()
  })
}
