// How long a pointer stayed on named elements. Only pointers that hover, mouse and pen alike: a finger does not rest where
// it touches. Summed up for each name, and told whenever engagement is. Within a shadow tree it is its host's time.

import { now } from './delivery.ts'
import { listen, onStop } from './guard.ts'
import { emit, granted } from './lent.ts'

const dwells = new Map<string, number>()
let over: string | undefined
let since: number

export const startHover = (): void => {
  if (!granted(PURPOSE_OF.hover)) return
  onStop(() => {
    dwells.clear()
    over = ''
  })
  listen<PointerEvent>('pointerout pointerover', ({ type, target, pointerType }) => {
    account()
    const named = (target as Element).closest<HTMLElement>('[data-lf]')
    if (type === 'pointerover' && pointerType !== 'touch') over = named?.dataset.lf
  })
}

/** Adds the time since the last account to where the pointer was. */
const account = (): void => {
  // A pointer that was left lying is not looking.
  const stayMs = 30_000
  if (over) dwells.set(over, (dwells.get(over) ?? 0) + Math.min(now() - since, stayMs))
  over = ''
  since = now()
}

export const tellHovers = (): void => {
  // Passing over is not looking either.
  const dwellMs = 300
  account()
  for (const [name, ms] of dwells) {
    if (ms >= dwellMs) emit({ type: 'hover', target: name.slice(0, LIMIT.nameMax), ms })
  }
  dwells.clear()
}
