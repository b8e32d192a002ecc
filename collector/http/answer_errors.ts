// The last middleware of both apps: an error becomes an answer, and what was not expected becomes a line in the log.

import type { ErrorRequestHandler } from 'express'
import { ReportError } from '../reports/report_error.ts'
import { StoreError } from '../store/store.ts'
import { Failure, sendFailure } from './failures.ts'

export function answerErrors(
  log: (error: unknown, where: string) => void,
  where: string,
): ErrorRequestHandler {
  return (error: unknown, _request, response, _next) => {
    const failure = asFailure(error)
    if (failure.status >= 500 && !(error instanceof Failure)) log(error, where)
    sendFailure(response, failure)
  }
}

/** Express's own errors (a path that cannot be decoded) carry a 4xx status; their messages quote the path and stay here. */
function asFailure(error: unknown): Failure {
  if (error instanceof Failure) return error
  if (error instanceof ReportError) return new Failure('wrong_parameter', error.message)
  if (error instanceof StoreError && error.kind === 'unavailable') return new Failure('engine_away')
  const isRequests = error instanceof Error && 'status' in error && Number(error.status) < 500
  return new Failure(isRequests ? 'bad_request' : 'internal')
}
