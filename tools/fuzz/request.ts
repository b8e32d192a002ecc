// One generated request, and what may be answered to it.

export type Wanted = {
  readonly statuses: readonly number[]
  /** Of a batch that is taken: so many events have to be accounted for. */
  readonly events?: number
  /** Node itself refuses it, before any code of ours: then the answer has no body, and the connection ends. */
  readonly isNodes?: boolean
}

export type Headers = Readonly<Record<string, string | undefined>>

/** As HTTP says it, on a connection that is kept. */
export type Spoken = {
  readonly method: string
  readonly path: string
  readonly headers: Headers
  readonly body?: Buffer | undefined
  readonly wanted: Wanted
}

/** Bytes on a connection of their own, half of which is closed behind them. */
export type Raw = { readonly raw: Buffer; readonly wanted: Wanted }

export type FuzzRequest = (Spoken | Raw) & { readonly index: number; readonly kind: string }

export function bytesOf(request: Spoken | Raw): Buffer {
  if ('raw' in request) return request.raw
  const { method, path, headers, body } = request
  const given = Object.entries(headers).filter(([, value]) => value !== undefined)
  const length = body === undefined ? [] : [['content-length', String(body.length)]]
  const lines = [...given, ...length].map(([name, value]) => `${name}: ${value}\r\n`)
  const head = Buffer.from(`${method} ${path} HTTP/1.1\r\nhost: a\r\n${lines.join('')}\r\n`, 'latin1')
  return body === undefined ? head : Buffer.concat([head, body])
}
