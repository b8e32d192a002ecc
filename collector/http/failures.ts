// Every way in which a request can be refused: one table of codes, one format of answer. Messages are fixed texts (or name
// a place in the batch), so an answer cannot echo anything of the body, the address or the query string.

import type { Response } from 'express'

export const failures = {
  not_found: [404, 'There is nothing at this path.'],
  method_not_allowed: [405, 'This path does not answer this method.'],
  bad_request: [400, 'The request cannot be read.'],
  not_json: [400, 'The body is not JSON.'],
  not_valid: [400, 'The body is not valid.'],
  not_gzip: [400, 'The body is not whole gzip, although Content-Encoding says so.'],
  unknown_site: [403, 'This collector has no site of this id.'],
  foreign_origin: [403, 'The Origin (else Referer) of this request is not one of the origins of the site.'],
  missing_origin: [403, 'The request names neither Origin nor Referer, so it cannot be of the site.'],
  older_policy: [409, 'This is not the version of the privacy policy that the site has now.'],
  too_many_requests: [
    429,
    'Too many requests of this kind came from this network; Retry-After says when to ask again.',
  ],
  too_large: [413, 'The body is larger than 64 KiB, as sent or when decompressed.'],
  too_many_events: [413, 'A batch holds at most 60 events.'],
  wrong_type: [415, 'The content type is neither text/plain nor application/json.'],
  wrong_encoding: [415, 'The content encoding is neither gzip nor identity.'],
  wrong_expectation: [417, 'The only Expect that can be met is 100-continue.'],
  not_durable: [503, 'The collector cannot store anything durably now; send it again later.'],
  engine_away: [503, 'The database is not ready yet; ask again in a moment.'],
  no_token: [401, 'This needs LIGHTFOOT_ADMIN_TOKEN as `Authorization: Bearer …`.'],
  foreign_host: [
    403,
    'The Host of this request is not this machine; set LIGHTFOOT_ADMIN_TOKEN to use another name.',
  ],
  cross_site: [403, 'A page of another site may not ask for this.'],
  wrong_parameter: [400, 'A parameter is wrong.'],
  unknown_report: [404, 'There is no report of this name; GET /api/reports lists them.'],
  internal: [500, 'Something failed in the collector; its log says what.'],
} as const satisfies Record<string, readonly [number, string]>

export type FailureCode = keyof typeof failures

/**
 * A refusal on its way to the error handler. `message` may say more than the table, never more than the caller's own code wrote.
 * It has no stack: nobody reads one, and writing it costs 6 µs, which a flood of bad requests should not be able to buy.
 */
export class Failure extends Error {
  override readonly name = 'Failure'
  readonly code: FailureCode
  readonly status: number
  /** When to ask again, if that is known: 5 s where a database or a disk is away. */
  readonly retrySeconds: number | undefined
  constructor(code: FailureCode, message: string = failures[code][1], retrySeconds?: number) {
    const { stackTraceLimit } = Error
    Error.stackTraceLimit = 0
    super(message)
    Error.stackTraceLimit = stackTraceLimit
    this.code = code
    this.status = failures[code][0]
    this.retrySeconds = retrySeconds ?? (this.status === 503 ? 5 : undefined)
  }
}

/** The one format: `{"error":{"code":"not_json","message":"The body is not JSON."}}`. */
export function sendFailure(response: Response, failure: Failure): void {
  if (response.headersSent) {
    response.destroy()
    return
  }
  if (failure.retrySeconds !== undefined) response.setHeader('Retry-After', String(failure.retrySeconds))
  sendJson(response, failure.status, { error: { code: failure.code, message: failure.message } })
}

/** By hand instead of `response.json`: no ETag, no charset negotiation; as a string it is one write together with its head. */
export function sendJson(response: Response, status: number, value: unknown): void {
  const body = JSON.stringify(value)
  response.writeHead(status, {
    'Content-Type': 'application/json; charset=utf-8',
    'Content-Length': Buffer.byteLength(body),
    'Cache-Control': 'no-store',
  })
  response.end(body)
}
