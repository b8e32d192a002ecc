// A ClickHouse server for tests: as much of its HTTP(S) interface as @clickhouse/client uses, in front of a chDB in a child
// process, which lives in another time zone than we do. Where there is a real server, LIGHTFOOT_TEST_CLICKHOUSE_URL makes
// the store's suite run over that too.

import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { createServer as createSecureServer } from 'node:https'
import type { AddressInfo, Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { gunzipSync, gzipSync } from 'node:zlib'
import { type Statement, startChdb } from './chdb.ts'

/**
 * What a statement meets. Before it is done: refused, its connection cut, no answer ever. After it was done: a 500, the
 * connection cut within the answer, no answer ever. Or only a pause before and after.
 */
export type Fault = 'unavailable' | 'cut' | 'silent' | 'fail_after' | 'cut_after' | 'silent_after' | 'slow'

export type ClickhouseHttpServer = {
  /** With user and password, ready for LIGHTFOOT_CLICKHOUSE_URL. */
  readonly url: string
  failNextInsert(fault: Fault): void
  /** What all statements meet from now on, or each of them with this probability. */
  fail(fault: Fault | undefined, share?: number): void
  /** Refuses connections and breaks those that are open, until it listens again, at the same port. */
  leave(): Promise<void>
  comeBack(): Promise<void>
  /** The database is killed as by a power switch, and started again over its files. */
  restart(): Promise<void>
  /** Statements that came, and their bytes on the wire. */
  readonly seen: { statements: number; bytes: number; encodings: Set<string>; met: Map<Fault, number> }
  close(): Promise<void>
}

export type ServerCertificate = { readonly key: string; readonly cert: string }

const user = 'lightfoot'
const password = 'p:ss w@rd'
const slowMs = 400

export async function startClickhouseHttpServer(
  directory: string,
  certificate?: ServerCertificate,
): Promise<ClickhouseHttpServer> {
  let engine = await startChdb(directory)
  let next: Fault | undefined
  let lasting: { fault: Fault; share: number } | undefined
  const seen = { statements: 0, bytes: 0, encodings: new Set<string>(), met: new Map<Fault, number>() }
  const sockets = new Set<Socket>()
  const listener = (request: IncomingMessage, response: ServerResponse) => {
    respond(request, response).catch(() => request.socket.destroy())
  }
  const server = certificate ? createSecureServer(certificate, listener) : createServer(listener)
  server.on('connection', (socket: Socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
  })

  function meet(isInsert: boolean): Fault | undefined {
    if (isInsert && next !== undefined) {
      const met = next
      next = undefined
      return met
    }
    return lasting && Math.random() < lasting.share ? lasting.fault : undefined
  }

  async function respond(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    const body = Buffer.concat(chunks)
    const url = new URL(request.url ?? '/', 'http://localhost')
    if (url.pathname === '/ping') {
      response.end('Ok.\n')
      return
    }
    if (!isAuthorised(request)) {
      const message = `${user}: Authentication failed: password is incorrect. (AUTHENTICATION_FAILED)`
      fail(response, 403, 516, message)
      return
    }
    seen.statements++
    seen.bytes += body.length
    seen.encodings.add(request.headers['content-encoding'] ?? 'none')
    const statement = readStatement(request, url, body)
    const met = meet(statement.data !== undefined)
    if (met !== undefined) seen.met.set(met, (seen.met.get(met) ?? 0) + 1)
    if (met === 'unavailable') {
      fail(response, 500, 202, 'Too many simultaneous queries. (TOO_MANY_SIMULTANEOUS_QUERIES)')
      return
    }
    if (met === 'silent') return
    if (met === 'slow') await sleep(slowMs)
    if (met === 'cut') {
      request.socket.destroy()
      return
    }
    const answer = await engine.run(statement)
    if (met === 'slow') await sleep(slowMs)
    if (met === 'silent_after') return
    if (answer.error !== undefined) {
      // ClickHouse's own words start with the code already, once or twice.
      const message = answer.error.message.replace(/^(Code: \d+\. DB::Exception: )+/, '')
      fail(response, 500, answer.error.code, message)
      return
    }
    if (met === 'fail_after') {
      fail(response, 500, 159, 'Timeout exceeded. (TIMEOUT_EXCEEDED)')
      return
    }
    if (met === 'cut_after') {
      response.writeHead(200, { 'Content-Length': 1_000_000 })
      response.write(Buffer.from(answer.body ?? []), () => request.socket.destroy())
      return
    }
    send(request, response, url, Buffer.from(answer.body ?? []))
  }

  async function listen(port: number): Promise<void> {
    server.listen(port, '127.0.0.1')
    await once(server, 'listening')
  }

  async function leave(): Promise<void> {
    const closed = new Promise(resolve => server.close(resolve))
    for (const socket of sockets) socket.destroy()
    await closed
  }

  await listen(0)
  const { port } = server.address() as AddressInfo
  const credentials = `${encodeURIComponent(user)}:${encodeURIComponent(password)}`
  return {
    url: `${certificate ? 'https' : 'http'}://${credentials}@127.0.0.1:${port}`,
    failNextInsert: fault => {
      next = fault
    },
    fail: (fault, share = 1) => {
      lasting = fault && { fault, share }
    },
    leave,
    comeBack: () => listen(port),
    async restart() {
      await engine.kill()
      engine = await startChdb(directory)
    },
    seen,
    close: async () => {
      await leave()
      await engine.stop()
    },
  }
}

function isAuthorised(request: IncomingMessage): boolean {
  const wanted = Buffer.from(`${user}:${password}`).toString('base64')
  const { headers } = request
  if (headers['x-clickhouse-user'] !== undefined)
    return headers['x-clickhouse-user'] === user && headers['x-clickhouse-key'] === password
  return headers.authorization === `Basic ${wanted}`
}

/** The statement is in the body, or in `?query=` with its data in the body; everything else in the URL is a setting. */
function readStatement(request: IncomingMessage, url: URL, raw: Buffer): Statement {
  const body = request.headers['content-encoding'] === 'gzip' ? gunzipSync(raw) : raw
  const notSettings = new Set(['query', 'query_id', 'database', 'session_id', 'default_format', 'role'])
  const httpOnly =
    /^(wait_end_of_query|enable_http_compression|send_progress_in_http_headers|(cancel_)?http_)/
  const statement: Statement = {
    sql: url.searchParams.get('query') ?? body.toString(),
    settings: {},
    parameters: {},
    data: url.searchParams.has('query') && body.length > 0 ? body : undefined,
    format: url.searchParams.get('default_format') ?? 'TabSeparated',
  }
  for (const [name, value] of url.searchParams) {
    if (name.startsWith('param_')) statement.parameters[name.slice('param_'.length)] = value
    else if (!notSettings.has(name) && !httpOnly.test(name)) statement.settings[name] = value
  }
  return statement
}

function send(request: IncomingMessage, response: ServerResponse, url: URL, body: Buffer): void {
  const isCompressed =
    url.searchParams.get('enable_http_compression') === '1' &&
    /gzip/.test(String(request.headers['accept-encoding']))
  if (isCompressed) response.setHeader('Content-Encoding', 'gzip')
  response.setHeader('X-ClickHouse-Summary', '{"written_rows":"0"}')
  response.end(isCompressed ? gzipSync(body) : body)
}

function fail(response: ServerResponse, status: number, code: number, message: string): void {
  response.statusCode = status
  response.setHeader('X-ClickHouse-Exception-Code', String(code))
  response.end(`Code: ${code}. DB::Exception: ${message} (version 26.7.2.1 (official build))\n`)
}
