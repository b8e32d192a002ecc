// Events that the markup declares: `<button data-lf-event="plan chosen" data-lf-event-plan="small">` tells, when it or what
// is in it is clicked, what `track('plan chosen', { plan: 'small' })` would; a form when it is submitted.

import { track } from './track.ts'

/** `path` is the event's, from within. A click into a form is not its submission. Answers the element that declares something. */
export const tellDeclared = (path: Partial<HTMLElement>[], isSubmission: boolean): unknown => {
  const element = path.find(part => part.dataset?.lfEvent && (part.localName === 'form') === isSubmission)
  if (element) {
    const { dataset, attributes } = element as HTMLElement
    const properties = [...attributes].map(({ name, value }) => [
      name.split('data-lf-event-')[1] ?? '',
      value,
    ])
    track(dataset.lfEvent as string, Object.fromEntries(properties))
  }
  return element
}
