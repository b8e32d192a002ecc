// Who objected is not counted, whatever else the batch says. First of all steps: nothing is looked up for an objector.

import { type Draft, dropAll } from './draft.ts'

export function dropObjected(draft: Draft): void {
  const { objected, site } = draft.received
  const signalObjects = site.gpc === 'objection' && (hasGpc(draft) || hasDnt(draft))
  if (objected || signalObjects) dropAll(draft, 'objected')
}

/** Global Privacy Control, from the request's header or from the page, which can see it where a proxy cuts headers. */
export function hasGpc(draft: Draft): boolean {
  return draft.received.gpc || draft.received.batch.consent.signal === 'gpc'
}

export function hasDnt(draft: Draft): boolean {
  return draft.received.dnt || draft.received.batch.consent.signal === 'dnt'
}
