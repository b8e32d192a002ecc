// Clicks on links and buttons that frustrate, told as a field of the click itself, so that none counts twice. Rage: the third
// of three quick ones in one place, once for each burst. Dead: for a second nothing changed, nothing answered, nothing
// was left for; where that could be missed, no click is called dead.

import { guard, later, listen, onStop } from './guard.ts'
import { granted } from './lent.ts'
import type { Click } from './parts.ts'

/** The click that may yet be found dead. Until then delivery sends nothing while the page is there. */
export let openClick: Click | undefined
let observer: MutationObserver
let last: MouseEvent | undefined
let burst: number

export const startFrustration = (): void => {
  observer = new MutationObserver(settle)
  if (!granted(PURPOSE_OF.click)) return
  onStop(settle)
  listen('focus blur scroll selectionchange toggle', settle)
  listen('navigate', settle, window.navigation)
}

export const judge = guard((event: MouseEvent, click: Click): void => {
  const { timeStamp, clientX, clientY, detail } = event
  const path = event.composedPath() as Partial<Element>[]
  const within = (selector: string) => path.some(part => part.matches?.(selector))
  const isLink = within('a[href],area[href]')
  // What is only named may be a text to read.
  if (!granted(PURPOSE_OF.click) || (!isLink && click.kind !== 'button')) return
  // So that three of them are within a second.
  const gapMs = 500
  const nearPx = 30
  // A key that is held down clicks too, with 0 as detail.
  const isNext =
    last &&
    detail &&
    timeStamp - last.timeStamp < gapMs &&
    Math.hypot(clientX - last.clientX, clientY - last.clientY) < nearPx
  burst = isNext ? burst + 1 : 1
  last = event
  if (burst === 3) click.frustration = 'rage'
  // A second click within the second: what one of them did cannot be told from what the other did.
  settle()
  // Of shadow trees and of values that a script sets no change is seen. Without the Navigation API a script that leads to a
  // slow server looks dead.
  if (burst > 2 || path[0] !== event.target || within('form') || !window.navigation) return
  openClick = click
  observer.observe(document, { subtree: true, childList: true, attributes: true, characterData: true })
  later(() => {
    if (openClick !== click) return
    settle()
    // A link that its page does not handle leads away, into another tab, or to a call. A dialog keeps the timer waiting.
    const isHandled = !isLink || click.kind === 'other' || event.defaultPrevented
    if (isHandled && performance.now() - timeStamp < 1500) click.frustration = 'dead'
  }, 1000)
})

const settle = (): void => {
  openClick = undefined
  observer.disconnect()
}
