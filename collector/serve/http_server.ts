// An HTTP server with time limits: who sends slowly is cut off, who stays idle is let go.

import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Express } from 'express'
import { expressPrototypes } from '../http/express_prototypes.ts'

export type HttpLimits = { readonly headersMs: number; readonly requestMs: number; readonly checkMs: number }

const defaults: HttpLimits = { headersMs: 10_000, requestMs: 20_000, checkMs: 2000 }

/** Node looks for late requests every `checkMs` and answers them 408. */
export function httpServer(app: Express, { headersMs, requestMs, checkMs } = defaults): Server {
  const server = createServer(
    {
      headersTimeout: headersMs,
      requestTimeout: requestMs,
      connectionsCheckingInterval: checkMs,
      keepAliveTimeout: 10_000,
      maxHeaderSize: 16 * 1024,
      ...expressPrototypes(app),
    },
    app,
  )
  server.maxHeadersCount = 100
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
