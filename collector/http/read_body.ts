// Reads the body of a small POST by hand, so that its limits hold while it is read: the compressed bytes are counted as
// they arrive, and decompression stops at the limit (a gzip bomb costs at most 64 KiB of output and one chunk more).
// How long a body may take is the server's `requestTimeout`.

import type { IncomingMessage } from 'node:http'
import { gunzipSync } from 'node:zlib'
import { limits } from '../../contract/limits.ts'
import { Failure } from './failures.ts'

const restBytesMax = 1024 * 1024
const types = new Set(['text/plain', 'application/json'])

/** The body as text. Throws Failure: wrong_type, wrong_encoding, too_large, not_gzip, bad_request (the client went away). */
export async function readBody(
  request: IncomingMessage,
  bytesMax: number = limits.bodyBytesMax,
): Promise<string> {
  try {
    const isGzip = checkHeaders(request, bytesMax)
    const body = await collect(request, bytesMax)
    return (isGzip ? decompress(body, bytesMax) : body).toString('utf8')
  } catch (error) {
    discardRest(request)
    throw error
  }
}

/** The body as a JSON value. JSON.parse quotes the text in its message, so that message is not passed on: not_json. */
export async function readJson(request: IncomingMessage, bytesMax?: number): Promise<unknown> {
  const text = await readBody(request, bytesMax)
  try {
    return JSON.parse(text)
  } catch {
    throw new Failure('not_json')
  }
}

/** What the headers alone refuse; says whether the body is gzip. */
function checkHeaders(request: IncomingMessage, bytesMax: number): boolean {
  const type = (request.headers['content-type'] ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? ''
  if (!types.has(type)) throw new Failure('wrong_type')
  const encoding = (request.headers['content-encoding'] ?? 'identity').trim().toLowerCase()
  if (encoding !== 'identity' && encoding !== 'gzip') throw new Failure('wrong_encoding')
  if (Number(request.headers['content-length'] ?? 0) > bytesMax) throw new Failure('too_large')
  return encoding === 'gzip'
}

function collect(request: IncomingMessage, bytesMax: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    let bytes = 0
    request.on('data', (chunk: Buffer) => {
      bytes += chunk.length
      if (bytes > bytesMax) {
        request.pause()
        request.removeAllListeners('data')
        reject(new Failure('too_large'))
        return
      }
      chunks.push(chunk)
    })
    request.on('end', () => resolve(chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks)))
    request.on('error', () => reject(new Failure('bad_request')))
    request.on('close', () => reject(new Failure('bad_request')))
  })
}

/**
 * A refused body is still read for a while: closing at once would reset the connection, and the sender would never see
 * why. Past `restBytesMax` the connection is cut; time is bounded by the server's `requestTimeout`.
 */
function discardRest(request: IncomingMessage): void {
  let bytes = 0
  request.on('data', (chunk: Buffer) => {
    bytes += chunk.length
    if (bytes > restBytesMax) request.destroy()
  })
  request.on('error', () => {})
  request.resume()
}

function decompress(body: Buffer, bytesMax: number): Buffer {
  try {
    return gunzipSync(body, { maxOutputLength: bytesMax })
  } catch (error) {
    const isTooLarge = error instanceof RangeError && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE'
    throw new Failure(isTooLarge ? 'too_large' : 'not_gzip')
  }
}
