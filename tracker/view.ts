// Named services and products that were looked at: elements with `data-lf-view` that stood in view, and what the page tells
// by `lightfoot.view(name, group)`. Only with `statistics`.

import { guard, onStop } from './guard.ts'
import { emit, granted } from './lent.ts'

/** What this page has told of: each name counts once. */
let told: string[] = []
/** What was in view when it was last looked. */
let inView: string[]

export const startViews = (): void => {
  forgetViews()
  if (!granted(PURPOSE_OF.view)) return
  // Once a second everything is observed anew: what came later is found, nothing is watched in between, and no layout is
  // forced, since the browser answers with what it worked out for its next frame.
  const lookMs = 1000
  const observer = new IntersectionObserver(guard(look))
  const ask = () => {
    observer.disconnect()
    for (const element of document.querySelectorAll('[data-lf-view]')) observer.observe(element)
  }
  const timer = setInterval(guard(ask), lookMs)
  onStop(() => {
    clearInterval(timer)
    observer.disconnect()
  })
}

/** What comes next is another page. */
export const forgetViews = (): void => {
  told = []
  inView = []
}

export const view = guard((name: string, group?: string): void => {
  // A list of more than these is told by its first ones.
  const viewsMax = 100
  if (!name || !granted(PURPOSE_OF.view) || told.includes(name) || told.length >= viewsMax) return
  told.push(name)
  emit({ type: 'view', name: name.slice(0, LIMIT.nameMax), group: group?.slice(0, LIMIT.nameMax) })
})

/** Looked at is what was in view twice in a row. */
const look = (entries: IntersectionObserverEntry[]): void => {
  // Half of it, or as much of something tall as nobody scrolls past without seeing it, in CSS pixels.
  const tallPx = 300
  const before = inView
  inView = []
  for (const { target, intersectionRatio, intersectionRect } of entries) {
    const { lfView = '', lfGroup } = (target as HTMLElement).dataset
    if (intersectionRatio < 0.5 && intersectionRect.height < tallPx) continue
    inView.push(lfView)
    if (before.includes(lfView)) view(lfView, lfGroup)
  }
}
