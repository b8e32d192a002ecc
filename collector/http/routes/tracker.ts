// The tracker's files: by plain name with a short life, so that a new version arrives within the hour, and below its build's hash for ever.

import { brotliCompressSync, gzipSync } from 'node:zlib'
import { type Request, type Response, Router } from 'express'
import { Failure } from '../failures.ts'
import type { TrackerFile, TrackerFiles } from '../tracker_files.ts'

const plainMaxAgeSeconds = 3600
const pinnedMaxAgeSeconds = 31_536_000

type Encodings = { readonly identity: Buffer; readonly gzip: Buffer; readonly br: Buffer }

export function trackerRoute(files: TrackerFiles): Router {
  const router = Router()
  for (const [name, file] of files) {
    const encodings = { identity: file.body, gzip: gzipSync(file.body), br: brotliCompressSync(file.body) }
    router.get(`/${name}`, (request, response) => {
      response.setHeader('Cache-Control', `public, max-age=${plainMaxAgeSeconds}`)
      sendScript(request, response, file, encodings)
    })
    router.get(`/t/:folder/${name}`, (request, response) => {
      if (request.params.folder !== file.folder) throw new Failure('not_found')
      response.setHeader('Cache-Control', `public, max-age=${pinnedMaxAgeSeconds}, immutable`)
      sendScript(request, response, file, encodings)
    })
  }
  return router
}

/** Compressed once at start; the ETag is the content's hash, weak because the encodings share it. */
function sendScript(request: Request, response: Response, file: TrackerFile, encodings: Encodings): void {
  const etag = `W/"${file.hash}"`
  response.setHeader('ETag', etag)
  response.setHeader('Vary', 'Accept-Encoding')
  response.setHeader('Access-Control-Allow-Origin', '*')
  if (request.headers['if-none-match'] === etag) {
    response.status(304).end()
    return
  }
  const encoding = request.acceptsEncodings('br', 'gzip', 'identity')
  const body = encoding === 'br' || encoding === 'gzip' ? encodings[encoding] : encodings.identity
  if (body !== encodings.identity) response.setHeader('Content-Encoding', String(encoding))
  response.writeHead(200, { 'Content-Type': 'text/javascript; charset=utf-8', 'Content-Length': body.length })
  response.end(request.method === 'HEAD' ? undefined : body)
}
