// Events that the markup declares: `<button data-lf-event="plan chosen" data-lf-event-plan="small">` tells, when it or what
// is in it is clicked, what `track('plan chosen', { plan: 'small' })` would; a form when it is submitted.

import { listen } from './guard.ts'
import { track } from './track.ts'

export const startDeclared = (): void => {
  listen('click auxclick submit', onUse)
}

const onUse = (event: MouseEvent): void => {
  // As with clicks: not a script's, and not the button that opens a menu.
  if (!event.isTrusted || event.button > 1) return
  // A click into a form is not its submission.
  const isFor = ({ dataset, localName }: HTMLElement) =>
    dataset?.lfEvent && (localName === 'form') === (event.type === 'submit')
  const element = (event.composedPath() as HTMLElement[]).find(isFor)
  const { lfEvent = '' } = element?.dataset ?? {}
  const properties = [...(element?.attributes ?? [])].map(({ name, value }) => [
    name.split('data-lf-event-')[1] ?? '',
    value,
  ])
  track(lfEvent, Object.fromEntries(properties))
}
