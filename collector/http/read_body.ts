// Reads the body of a small POST by hand, so that its limits hold while it is read: the compressed bytes are counted as
// they arrive, and decompression stops at the limit (a gzip bomb costs at most 64 KiB of output and one chunk more).
// How long a body may take is the server's `requestTimeout`.

import type { IncomingMessage } from 'node:http'
import { gunzipSync } from 'node:zlib'
import { limits } from '../../contract/limits.ts'
import { createBodyRoom, type Place } from './body_room.ts'
import { Failure, type FailureCode } from './failures.ts'

const restBytesMax = 1024 * 1024
/** Pieces of one byte each cost 160 times what they hold, so they are put together as they come. */
const piecesMax = 64
/** All bodies that this process is reading. */
const room = createBodyRoom(64 * 1024 * 1024)
const types = new Set(['text/plain', 'application/json'])

/** What the tracker and most other clients send, as they write it. */
const usualTypes = new Set([...types, 'text/plain;charset=UTF-8', 'text/plain;charset=utf-8'])

/**
 * The body as a JSON value. Throws Failure: wrong_type, wrong_encoding, too_large, not_gzip, bad_request (the client went
 * away), not_json: JSON.parse quotes the text in its message, so that message is not passed on.
 */
export async function readJson(
  request: IncomingMessage,
  bytesMax: number = limits.bodyBytesMax,
): Promise<unknown> {
  try {
    const isGzip = checkHeaders(request, bytesMax)
    const body = await collect(request, bytesMax)
    return parse((isGzip ? decompress(body, bytesMax) : body).toString('utf8'))
  } catch (error) {
    discardRest(request)
    throw error
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new Failure('not_json')
  }
}

/** What the headers alone refuse; says whether the body is gzip. */
function checkHeaders({ headers }: IncomingMessage, bytesMax: number): boolean {
  if (!isType(headers['content-type'] ?? '')) throw new Failure('wrong_type')
  const encoding = (headers['content-encoding'] ?? 'identity').trim().toLowerCase()
  if (encoding !== 'identity' && encoding !== 'gzip') throw new Failure('wrong_encoding')
  if (Number(headers['content-length'] ?? 0) > bytesMax) throw new Failure('too_large')
  return encoding === 'gzip'
}

function isType(written: string): boolean {
  return usualTypes.has(written) || types.has(written.split(';', 1)[0]?.trim().toLowerCase() ?? '')
}

function collect(request: IncomingMessage, bytesMax: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const bytesWanted = Number(request.headers['content-length'])
    let place: Place | undefined
    let pieces: Buffer[] = []
    let bytes = 0
    let isOver = false
    const fail = (code: FailureCode) => {
      // Every request closes, most of them after their end.
      if (isOver) return
      isOver = true
      place?.leave()
      reject(new Failure(code))
    }
    request.on('data', (piece: Buffer) => {
      bytes += piece.length
      if (bytes > bytesMax) {
        request.pause()
        request.removeAllListeners('data')
        fail('too_large')
        return
      }
      pieces.push(piece)
      // Most bodies come in one piece, and are never on their way.
      if (bytes === bytesWanted) return
      if (pieces.length === piecesMax) pieces = [Buffer.concat(pieces)]
      place ??= room.enter(() => request.destroy())
      place.grow(piece.length)
    })
    request.on('end', () => {
      isOver = true
      place?.leave()
      resolve(pieces.length === 1 && pieces[0] ? pieces[0] : Buffer.concat(pieces))
    })
    request.on('error', () => fail('bad_request'))
    request.on('close', () => fail('bad_request'))
  })
}

/**
 * A refused body is still read for a while: closing at once would reset the connection, and the sender would never see
 * why. Past `restBytesMax` the connection is cut; time is bounded by the server's `requestTimeout`.
 */
export function discardRest(request: IncomingMessage): void {
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
