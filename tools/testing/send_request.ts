// Sends one request with any headers at all: `fetch` refuses some names and rewrites others, and a test of a listener wants
// to say them itself.

import { type IncomingHttpHeaders, type OutgoingHttpHeaders, request } from 'node:http'

export type Sent = {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

export type RequestOptions = {
  readonly method?: string
  readonly headers?: OutgoingHttpHeaders
  readonly body?: string | Buffer
  readonly timeoutMs?: number
}

/** Rejects when the connection breaks or nothing answers in time. A connection of its own for each request. */
export function sendRequest(url: string, options: RequestOptions = {}): Promise<Sent> {
  const { method = 'GET', headers = {}, body, timeoutMs = 20_000 } = options
  return new Promise((resolve, reject) => {
    // The path as it is written: `new URL` would tidy it.
    const { hostname, port, origin } = new URL(url)
    const path = url.slice(origin.length) || '/'
    const outgoing = request(
      { hostname, port, path, method, headers, agent: false, timeout: timeoutMs },
      incoming => {
        const chunks: Buffer[] = []
        incoming.on('data', chunk => chunks.push(chunk))
        incoming.on('error', reject)
        incoming.on('end', () =>
          resolve({
            status: incoming.statusCode ?? 0,
            headers: incoming.headers,
            body: Buffer.concat(chunks).toString('utf8'),
          }),
        )
      },
    )
    outgoing.on('timeout', () => outgoing.destroy(new Error(`no answer within ${timeoutMs} ms`)))
    outgoing.on('error', reject)
    outgoing.end(body)
  })
}
