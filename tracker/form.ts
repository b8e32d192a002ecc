// Forms that have a `data-lf` of their own: submitted, found invalid, or left with something filled in; how many fields, and
// how long it took. Never what is in a field, nor what the field is called.

import { type Draft, now } from './delivery.ts'
import { granted } from './gate.ts'
import { listen } from './guard.ts'
import { emit } from './page.ts'

type Outcome = (Draft & { type: 'form' })['outcome']
/** From the first field until it is submitted. */
type Attempt = { startedAt_: number; fields_: Set<EventTarget | null>; told_?: Outcome }

let attempts: Map<HTMLElement, Attempt>

export const startForms = (): void => {
  attempts = new Map()
  if (!granted(PURPOSE_OF.form)) return
  listen('input submit invalid formdata', onForm)
  listen('pagehide', abandonForms)
}

const onForm = ({ type, target }: Event): void => {
  const form = (target as Element).closest('form') as HTMLElement
  const attempt: Attempt = attempts.get(form) ?? { startedAt_: now(), fields_: new Set() }
  attempts.set(form, attempt)
  if (type === 'input') attempt.fields_.add(target)
  // A script's submit() is known by its formdata alone, which a script that reads the values causes too: not told, but not
  // abandoned either. Each field of an invalid form has an event of its own.
  else if (type !== 'formdata' && type !== attempt.told_) tell(type as Outcome, attempt, form)
  if (/^[sf]/.test(type)) attempts.delete(form)
}

/** At the end of a page. */
export const abandonForms = (): void => {
  for (const [form, attempt] of attempts) if (attempt.fields_.size) tell('abandon', attempt, form)
  attempts.clear()
}

const tell = (outcome: Outcome, attempt: Attempt, { dataset }: HTMLElement): void => {
  attempt.told_ = outcome
  if (dataset.lf)
    emit({
      type: 'form',
      form: dataset.lf.slice(0, LIMIT.nameMax),
      outcome,
      fields: attempt.fields_.size,
      fillMs: now() - attempt.startedAt_,
    })
}
