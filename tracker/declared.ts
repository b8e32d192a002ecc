// Events that the markup declares: `<button data-lf-event="plan chosen" data-lf-event-plan="small">` tells, when it or what
// is in it is clicked, what `track('plan chosen', { plan: 'small' })` would; a form when it is submitted.

import { track } from './track.ts'

/** `path` is the event's, from within. A click into a form is not its submission. */
export const tellDeclared = (path: Partial<HTMLElement>[], isSubmission: boolean): void => {
  const element = path.find(part => part.dataset?.lfEvent && (part.localName === 'form') === isSubmission)
  const { lfEvent = '' } = element?.dataset ?? {}
  const properties = [...(element?.attributes ?? [])].map(({ name, value }) => [
    name.split('data-lf-event-')[1] ?? '',
    value,
  ])
  track(lfEvent, Object.fromEntries(properties))
}
