// Forms that have a `data-lf` of their own: submitted, found invalid, or left with something filled in; how many fields, and
// how long it took. Never what is in a field, nor what the field is called.

import { now } from './delivery.ts'
import type { Draft } from './draft.ts'
import { listen } from './guard.ts'
import { emit, granted } from './lent.ts'

type Outcome = (Draft & { type: 'form' })['outcome']
/** From the first field until it is submitted. */
type Attempt = { name_: string; startedAt_: number; fields_: Set<EventTarget | null>; told_?: Outcome }

let attempts: Map<Element, Attempt>

export const startForms = (): void => {
  attempts = new Map()
  if (!granted(PURPOSE_OF.form)) return
  listen('input submit invalid formdata', onForm)
}

const onForm = ({ type, target }: Event): void => {
  const form = (target as Element).closest('form')
  const name_ = form?.dataset.lf
  if (!name_) return
  const attempt: Attempt = attempts.get(form) ?? { name_, startedAt_: now(), fields_: new Set() }
  attempts.set(form, attempt)
  if (type === 'input') attempt.fields_.add(target)
  // A script's submit() is known by its formdata alone, which a script that reads the values causes too: not told, but not
  // abandoned either. Each field of an invalid form has an event of its own.
  else if (type !== 'formdata' && type !== attempt.told_) tell(type as Outcome, attempt)
  if (/^[sf]/.test(type)) attempts.delete(form)
}

/** At the end of a page: those that were begun are abandoned. */
export const tellForms = (): void => {
  for (const attempt of attempts.values()) if (attempt.fields_.size) tell('abandon', attempt)
  attempts.clear()
}

const tell = (outcome: Outcome, attempt: Attempt): void => {
  attempt.told_ = outcome
  emit({
    type: 'form',
    form: attempt.name_.slice(0, LIMIT.nameMax),
    outcome,
    fields: attempt.fields_.size,
    fillMs: now() - attempt.startedAt_,
  })
}
