// `Expect: 100-continue` is Node's to answer, before the request comes here. Anything else that a request expects is
// refused like any other bad request, with our headers, form and count, instead of Node's bare 417.

import type { NextFunction, Request, RequestHandler, Response } from 'express'
import { Failure } from './failures.ts'
import { type HeaderList, setHeaders } from './header_list.ts'

/** As Node has it, for which `x, 100-continue` will do. */
const known = /(?:^|\W)100-continue(?:$|\W)/i

/** Leaves out `handler` where more is expected than can be met: one look at a header, and not a layer of its own. */
export function whereMet(handler: RequestHandler): RequestHandler {
  return (request, response, next) => {
    if (canMeet(request)) handler(request, response, next)
    else next()
  }
}

/** `headers` are those of the refusal. */
export function refuseExpectation(headers: HeaderList = []): RequestHandler {
  return (request: Request, response: Response, next: NextFunction) => {
    if (canMeet(request)) {
      next()
      return
    }
    setHeaders(response, headers)
    throw new Failure('wrong_expectation')
  }
}

function canMeet({ headers: { expect } }: Request): boolean {
  return expect === undefined || known.test(expect)
}
