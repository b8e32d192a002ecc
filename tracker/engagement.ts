// Engaged time: the page is visible, has the focus, and its visitor did something in the last 30 s. Told in increments,
// so that sums need no knowledge of what came before.

import { engagementStepMs } from '../contract/steps.ts'
import { now } from './delivery.ts'
import { allowed, granted } from './gate.ts'
import { guard, listen, onStop } from './guard.ts'
import { opened } from './opened.ts'
import { emit } from './page.ts'
import { takeScroll } from './scroll.ts'
import { tellSearch } from './search.ts'

const tickMs = 15_000

let activeMs: number
let visibleMs: number
let accountedAt: number
let inputAt: number
let isVisible: boolean
let isFocused: boolean

export const startEngagement = (): void => {
  resetEngagement()
  listen('focus blur freeze resume', account)
  // Not scroll events: what moves by itself makes them too. To come back is to do something.
  listen('focus pointermove pointerdown keydown wheel touchmove', noteInput)
  const timer = setInterval(guard(tick), tickMs)
  onStop(() => clearInterval(timer))
}

/**
 * Before consent time is told in steps of 5 s, and what is left of a step is carried on. Beginning with a random part of a step
 * rounds a page's last remainder at random in proportion, whenever the page ends and without knowing it: 2 s are told
 * as 5 s in two of five cases, so sums are right and short visits are not all 0.
 */
export const resetEngagement = (): void => {
  account()
  activeMs = visibleMs = Math.random() * stepMs()
  inputAt = accountedAt
}

/** Tells what came together since it was last asked: at the end of a page, when it is hidden, and every minute. */
export const reportEngagement = (isEnd?: boolean): void => {
  if (!IS_CORE) {
    tellSearch()
    opened?.tell(isEnd)
  }
  account()
  const step = stepMs()
  const active = activeMs - (activeMs % step)
  const visible = visibleMs - (visibleMs % step)
  const scroll = takeScroll()
  if (!scroll && !visible) return
  activeMs %= step
  visibleMs %= step
  emit({
    type: 'engagement',
    activeMs: active || undefined,
    visibleMs: visible || undefined,
    scroll,
  })
}

const stepMs = (): number => {
  return granted(PURPOSE_OF.engagement) ? 1 : engagementStepMs
}

const tick = (): void => {
  // A page that stays open tells of itself as often as this.
  const reportMs = 60_000
  account()
  if (visibleMs >= reportMs) reportEngagement()
}

const noteInput = (): void => {
  // Pointers move 60 times a second; the second of less exactness is worth that.
  if (now() - inputAt < 1000) return
  account()
  inputAt = accountedAt
}

/** Adds the time since the last account under what was true then. A longer gap than the tick's is a sleep. */
const account = (event?: Event): void => {
  const idleMs = 30_000
  const at = now()
  const span = Math.min(at - accountedAt, tickMs)
  if (isVisible) visibleMs += span
  if (isVisible && isFocused) activeMs += Math.max(0, Math.min(span, inputAt + idleMs - accountedAt))
  accountedAt = at
  // Frozen, nothing runs any more, whether the page can be seen or not.
  isVisible = allowed(PURPOSE_OF.engagement) && !document.hidden && event?.type !== 'freeze'
  isFocused = document.hasFocus()
}
