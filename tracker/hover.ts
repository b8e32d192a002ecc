// How long a pointer stayed on named elements. Only pointers that hover, mouse and pen alike: a finger does not rest where
// it touches. Summed up for each name, and told whenever engagement is. Within a shadow tree it is its host's time.

import { now } from './delivery.ts'
import { listen, onStop } from './guard.ts'
import { emit, granted } from './lent.ts'

const dwells = new Map<string, number>()
let over: string | undefined
let since: number
/** Of this stay, what still counts. */
let leftMs: number

export const startHover = (): void => {
  if (!granted(PURPOSE_OF.hover)) return
  onStop(() => {
    dwells.clear()
    over = ''
  })
  listen<PointerEvent>('pointerout pointerover', ({ type, target, pointerType }) => {
    // A pointer that was left lying is not looking.
    const stayMs = 30_000
    account()
    const named = (target as Element).closest<HTMLElement>('[data-lf]')
    over = type === 'pointerover' && pointerType !== 'touch' ? named?.dataset.lf : ''
    leftMs = stayMs
  })
}

/** Adds the time since the last account to where the pointer is. */
const account = (): void => {
  const ms = Math.min(now() - since, leftMs)
  if (over) dwells.set(over, (dwells.get(over) ?? 0) + ms)
  leftMs -= ms
  since = now()
}

export const tellHovers = (): void => {
  // Passing over is not looking either.
  const dwellMs = 300
  account()
  for (const [target, ms] of dwells) {
    if (ms >= dwellMs) emit({ type: 'hover', target: target.slice(0, LIMIT.nameMax), ms })
  }
  dwells.clear()
}
