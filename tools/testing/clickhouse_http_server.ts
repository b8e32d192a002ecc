// A ClickHouse server for tests: as much of its HTTP interface as @clickhouse/client uses, in front of a chDB in a child
// process. Where there is a real server, LIGHTFOOT_TEST_CLICKHOUSE_URL makes the store's suite run over that too.

import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { gunzipSync, gzipSync } from 'node:zlib'

/** What the next insert meets: refused before it is done, its connection cut, or done and then answered with a 500. */
export type Fault = 'unavailable' | 'cut' | 'fail_after'

export type ClickhouseHttpServer = {
  /** With user and password, ready for LIGHTFOOT_CLICKHOUSE_URL. */
  readonly url: string
  failNextInsert(fault: Fault): void
  close(): Promise<void>
}

type Statement = {
  sql: string
  settings: Record<string, string>
  parameters: Record<string, string>
  data: Buffer | undefined
  format: string
}
type Answer = { id: number; body?: Uint8Array; error?: { code: number; message: string } }

const user = 'lightfoot'
const password = 'p:ss w@rd'

export async function startClickhouseHttpServer(directory: string): Promise<ClickhouseHttpServer> {
  const engine = await startEngine(directory)
  let fault: Fault | undefined
  const server = createServer((request, response) => {
    respond(request, response).catch(error => fail(response, 500, 1002, String(error)))
  })

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
      fail(
        response,
        403,
        516,
        `${user}: Authentication failed: password is incorrect. (AUTHENTICATION_FAILED)`,
      )
      return
    }
    const statement = readStatement(request, url, body)
    const met = statement.data === undefined ? undefined : fault
    if (met !== undefined) fault = undefined
    if (met === 'unavailable') {
      fail(response, 500, 202, 'Too many simultaneous queries. (TOO_MANY_SIMULTANEOUS_QUERIES)')
      return
    }
    if (met === 'cut') {
      request.socket.destroy()
      return
    }
    const answer = await engine.run(statement)
    if (answer.error !== undefined) {
      // ClickHouse's own words start with the code already, once or twice.
      fail(
        response,
        500,
        answer.error.code,
        answer.error.message.replace(/^(Code: \d+\. DB::Exception: )+/, ''),
      )
      return
    }
    if (met === 'fail_after') {
      fail(response, 500, 159, 'Timeout exceeded. (TIMEOUT_EXCEEDED)')
      return
    }
    send(request, response, url, Buffer.from(answer.body ?? []))
  }

  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const credentials = `${encodeURIComponent(user)}:${encodeURIComponent(password)}`
  return {
    url: `http://${credentials}@127.0.0.1:${port}`,
    failNextInsert: next => {
      fault = next
    },
    close: async () => {
      server.closeAllConnections()
      server.close()
      await engine.stop()
    },
  }
}

function isAuthorised(request: IncomingMessage): boolean {
  const wanted = Buffer.from(`${user}:${password}`).toString('base64')
  return request.headers.authorization === `Basic ${wanted}`
}

/** The statement is in the body, or in `?query=` with its data in the body; everything else in the URL is a setting. */
function readStatement(request: IncomingMessage, url: URL, raw: Buffer): Statement {
  const body = request.headers['content-encoding'] === 'gzip' ? gunzipSync(raw) : raw
  const notSettings = new Set(['query', 'query_id', 'database', 'session_id', 'default_format', 'role'])
  const httpOnly = /^(wait_end_of_query|enable_http_compression|send_progress_in_http_headers|http_)/
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

async function startEngine(directory: string) {
  const child: ChildProcess = fork(join(import.meta.dirname, 'chdb_child.mjs'), [directory], {
    serialization: 'advanced',
    execArgv: [],
  })
  const waiting = new Map<number, (answer: Answer) => void>()
  let lastId = 0
  await once(child, 'message')
  child.on('message', (answer: Answer) => {
    waiting.get(answer.id)?.(answer)
    waiting.delete(answer.id)
  })
  return {
    run: (statement: Statement): Promise<Answer> =>
      new Promise(resolve => {
        lastId += 1
        waiting.set(lastId, resolve)
        child.send({ id: lastId, ...statement })
      }),
    stop: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return
      const exited = once(child, 'exit')
      child.disconnect()
      await exited
    },
  }
}
