// How the page was left, as far as the page itself can see it: the last `navigate` event that really leads away. Typed
// address, reload and close leave no trace at all here (tried in Chromium): they are 'unknown', and the next page's
// arrival tells some of them. `tel:` links fire `navigate` without leaving, and so do attachments.

import type { ExitEvent } from '../contract/events.ts'
import { linkAt } from './click.ts'
import { now } from './delivery.ts'
import { allowed, granted } from './gate.ts'
import { listen } from './guard.ts'
import { emit } from './page.ts'

/** A page that is still here so long after `navigate` did not leave by it. */
const leavingMs = 10_000
/** What a script does so soon after a click on a link or a submission, it does for that. */
const followsMs = 1000

type Leaving = { readonly method_: ExitEvent['method']; readonly host_: string; readonly at_: number }

let leaving: Leaving | undefined
let formAt = -Infinity

export function startExit(): void {
  leaving = undefined
  listen(window, 'submit', () => {
    formAt = now()
  })
  // Who goes on using the page has not left it: an attachment, an answer without content, a stopped load.
  for (const type of ['pointerdown', 'keydown']) listen(window, type, stay)
  if (!window.navigation) return
  listen(window.navigation, 'navigate', noteNavigate)
  listen(window.navigation, 'currententrychange', stay)
}

/** At pagehide. */
export function reportExit(): void {
  if (!allowed(PURPOSE_OF.exit)) return
  if (!window.navigation) leaving = { method_: recentInput() ?? 'unknown', host_: '', at_: now() }
  const isRecent = leaving && now() - leaving.at_ < leavingMs
  emit({
    type: 'exit',
    method: isRecent && leaving ? leaving.method_ : 'unknown',
    target: isRecent && granted(PURPOSE_OF.exit) ? leaving?.host_ : undefined,
  })
}

function noteNavigate(event: NavigateEvent): void {
  const { destination, navigationType, formData, userInitiated, downloadRequest } = event
  const { protocol, host } = new URL(destination.url)
  if (destination.sameDocument || downloadRequest !== null || !/^http/.test(protocol)) return
  const method_ =
    navigationType === 'traverse'
      ? 'back_forward'
      : formData
        ? 'form'
        : (recentInput() ?? (userInitiated ? 'link' : 'script'))
  leaving = { method_, host_: host, at_: now() }
}

function recentInput(): 'form' | 'link' | undefined {
  const since = now() - followsMs
  return formAt > since ? 'form' : linkAt > since ? 'link' : undefined
}

function stay(): void {
  leaving = undefined
}
