// How far down the page was seen, in tenths of the document. A ResizeObserver calls back right after layout, so nothing
// is read that the browser has not just worked out itself: observing anew after a scroll asks for the next such moment.

import { scrollQuartiles } from '../contract/steps.ts'
import { allowed, granted } from './gate.ts'
import { guard, later, listen, onStop } from './guard.ts'
import { lowerEdge } from './lower_edge.ts'

let observer: ResizeObserver | undefined
let bottom: number
let height: number
let reached: number

export const startScroll = (): void => {
  bottom = height = reached = 0
  if (!allowed(PURPOSE_OF.scroll)) return
  observer = new ResizeObserver(guard(measure))
  onStop(() => {
    observer?.disconnect()
    observer = undefined
  })
  // An image that has loaded makes the page longer.
  listen('scroll load', observe)
  observe()
}

/** A new page in the same document. */
export const restartScroll = (): void => {
  // A router sets the new page's content and position after its address.
  const routeSettlesMs = 300
  bottom = height = reached = 0
  observer?.disconnect()
  later(observe, routeSettlesMs)
}

const observe = (): void => {
  observer?.disconnect()
  observer?.observe(document.documentElement)
}

const measure = (): void => {
  const { scrollTop, clientHeight, scrollHeight } = scroller()
  bottom = Math.max(bottom, scrollTop + clientHeight)
  height = scrollHeight
}

/** What the page scrolls: its document, or, where that fits the window, what is scrolled in the window's middle. */
const scroller = (): Element => {
  const root = document.scrollingElement as Element
  if (IS_CORE || root.scrollHeight > root.clientHeight) return root
  let part = document.elementFromPoint(innerWidth / 2, innerHeight / 2)
  while (part && !isScrolled(part)) part = part.parentElement
  return part ?? root
}

/** At least half as high as the window: a list or a box of text is not the page. */
const isScrolled = (part: Element): boolean => {
  const { clientHeight, scrollHeight } = part
  const isHigh = scrollHeight > clientHeight && clientHeight > innerHeight / 2
  return isHigh && /auto|scroll/.test(getComputedStyle(part).overflowY)
}

/**
 * First and last tenth newly reached since it was last asked. Judged by the height as it is now: a document that grew
 * has made the depth smaller. Before consent only whole quarters are told, each by its last tenth: 4 → 3.
 */
export const takeScroll = (): [number, number] | undefined => {
  // One pixel more, since browsers round.
  const tenth = Math.min((((bottom + 1) / (height || Infinity)) * 10) | 0, 10)
  const last = granted(PURPOSE_OF.scroll) ? tenth : (lowerEdge(scrollQuartiles, tenth) ?? 0)
  if (last <= reached) return undefined
  const first = reached + 1
  reached = last
  return [first, last]
}
