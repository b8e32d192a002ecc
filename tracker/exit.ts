// How the page was left, as far as the page itself can see it: the last `navigate` event that really leads away. Typed
// address, reload and close leave no trace at all here (tried in Chromium): they are 'unknown', and the next page's
// arrival tells some of them. `tel:` links fire `navigate` without leaving, and so do attachments.

import type { ExitEvent } from '../contract/events.ts'
import { isLinkFollowed } from './click.ts'
import { now } from './delivery.ts'
import type { Draft } from './draft.ts'
import { allowed, granted } from './gate.ts'
import { listen } from './guard.ts'
import { emit } from './page.ts'

let leaving: (Draft & { type: 'exit' }) | undefined
let leavingAt: number
let formAt: number

export const startExit = (): void => {
  if (!IS_CORE) leaving = undefined
  listen('submit', () => {
    formAt = now()
  })
  if (IS_CORE) return
  // Who goes on using the page has not left it: an attachment, an answer without content, a stopped load.
  listen('pointerdown keydown', stay)
  const { navigation } = window
  if (!navigation) return
  listen('navigate', noteNavigate, navigation)
  listen('currententrychange', stay, navigation)
}

/** At pagehide. */
export const reportExit = (): void => {
  if (!allowed(PURPOSE_OF.exit)) return
  // A page that is still here so long after `navigate` did not leave by it.
  const leavingMs = 10_000
  const seen = !IS_CORE && now() - leavingAt < leavingMs && leaving
  // The core has what it needs to see links and forms.
  const method = !IS_CORE && window.navigation ? 'unknown' : recentInput('unknown')
  emit(seen || { type: 'exit', method })
}

const noteNavigate = (event: NavigateEvent): void => {
  const { destination, navigationType, formData, userInitiated, downloadRequest } = event
  const { protocol, host } = new URL(destination.url)
  if (destination.sameDocument || downloadRequest != null || !/^http/.test(protocol)) return
  const asked = formData ? 'form' : recentInput(userInitiated ? 'link' : 'script')
  leave(navigationType === 'traverse' ? 'back_forward' : asked, host)
}

const leave = (method: ExitEvent['method'], host: string): void => {
  leaving = { type: 'exit', method, ...(granted(PURPOSE_OF.exit) && { target: host }) }
  leavingAt = now()
}

const recentInput = (otherwise: ExitEvent['method']): ExitEvent['method'] => {
  // What a script does so soon after a submission, it does for that.
  const followsMs = 1000
  return now() - formAt < followsMs ? 'form' : isLinkFollowed() ? 'link' : otherwise
}

const stay = (): void => {
  leaving = undefined
}
