// A client over raw sockets: it says anything, keeps its connections, and reads answers as strictly as HTTP allows. One
// request at a time on each connection, so that it is always known what an answer is of.

import { connect, type Socket } from 'node:net'
import { bytesOf, type FuzzRequest, type Spoken } from './request.ts'

export type Answer = {
  readonly status: number
  readonly head: string
  readonly body: string
}

export type Client = {
  /** Of raw bytes all answers in their order; of others one, or none where the connection ended without. */
  send(request: FuzzRequest): Promise<readonly Answer[]>
  close(): void
}

/** Longer than the collector itself waits for anything that is sent here. */
const patienceMs = 30_000
/** A body that is refused is read so far, then the connection is cut, behind the answer. */
const restBytesMax = 1024 * 1024

export function createClient(port: number): Client {
  let kept: Socket | undefined
  let before = 'the first on its connection'
  const open = () => connect({ port, host: '127.0.0.1', noDelay: true })

  async function speak(request: FuzzRequest & Spoken): Promise<readonly Answer[]> {
    kept ??= open()
    const socket = kept
    const sentMs = performance.now()
    // Whatever ends this connection, the next request has another.
    kept = undefined
    const { answers, isOver, failure } = await exchange(socket, bytesOf(request), request.method)
    if (answers.length === 0 && !request.wanted.isNodes) {
      const ms = (performance.now() - sentMs).toFixed(0)
      throw new Error(`no answer: ${failure} after ${ms} ms; ${before}`)
    }
    before = `behind ${request.index} (${request.kind}) on its connection`
    const isPastRest = request.body !== undefined && request.body.length > restBytesMax
    if (isOver || isPastRest || answers.some(({ head }) => /\r\nconnection: close/i.test(head))) {
      socket.destroy()
      before = 'the first on its connection'
    } else kept = socket
    return answers
  }

  async function throwIn(raw: Buffer): Promise<readonly Answer[]> {
    const socket = open()
    const { answers } = await exchange(socket, raw, undefined)
    socket.destroy()
    return answers
  }

  return {
    send: request => ('raw' in request ? throwIn(request.raw) : speak(request)),
    close: () => kept?.destroy(),
  }
}

type Exchanged = { readonly answers: readonly Answer[]; readonly isOver: boolean; readonly failure: string }

/** With a method one answer is waited for; without, the end, and this side closes its half behind the bytes. */
function exchange(socket: Socket, bytes: Buffer, method: string | undefined): Promise<Exchanged> {
  return new Promise((resolve, reject) => {
    let received = Buffer.alloc(0)
    const finish = (isOver: boolean, failure = 'closed') => {
      clearTimeout(timer)
      socket.removeAllListeners()
      socket.on('error', () => {})
      resolve({ answers: readAnswers(received, method).answers, isOver, failure })
    }
    const timer = setTimeout(() => reject(new Error(`no answer in ${patienceMs / 1000} s`)), patienceMs)
    socket.on('data', chunk => {
      received = received.length === 0 ? chunk : Buffer.concat([received, chunk])
      if (method !== undefined && readAnswers(received, method).isWhole) finish(false)
    })
    socket.on('error', (error: NodeJS.ErrnoException) => finish(true, error.code))
    socket.on('close', () => finish(true))
    socket.on('end', () => finish(true))
    if (method === undefined) socket.end(bytes)
    else socket.write(bytes)
  })
}

/** Interim answers (100 Continue) are none. Several answers are read only where no method says that there is one. */
export function readAnswers(
  bytes: Buffer,
  method: string | undefined,
): { answers: Answer[]; isWhole: boolean } {
  const answers: Answer[] = []
  for (let at = 0; at < bytes.length; ) {
    const end = bytes.indexOf('\r\n\r\n', at)
    if (end === -1) return { answers, isWhole: false }
    const head = bytes.toString('latin1', at, end)
    const status = Number(/^HTTP\/1\.1 (\d{3}) /.exec(head)?.[1] ?? 0)
    const isBare = method === 'HEAD' || status === 204 || status === 304 || status < 200
    const next = isBare ? end + 4 : endOfBody(bytes, end + 4, head)
    if (next > bytes.length && method !== undefined) return { answers, isWhole: false }
    if (status >= 200 || status === 0)
      answers.push({ status, head, body: bytes.toString('utf8', end + 4, next) })
    if (method !== undefined && answers.length > 0) return { answers, isWhole: true }
    at = next
  }
  return { answers, isWhole: false }
}

/** Node's own refusals come in chunks, of which the first is the last; where the end is not there yet, past all bytes. */
function endOfBody(bytes: Buffer, start: number, head: string): number {
  const length = /\r\ncontent-length: (\d+)/i.exec(head)?.[1]
  if (length !== undefined) return start + Number(length)
  if (!/\r\ntransfer-encoding: chunked/i.test(head)) return start
  const last = bytes.indexOf('0\r\n\r\n', start)
  return last === -1 ? bytes.length + 1 : last + 5
}
