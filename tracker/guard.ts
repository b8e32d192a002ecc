// The one place that keeps our faults from the page: every entry from outside (listener, timer, promise, API call) goes
// through `guard`. It also remembers what to undo, so that a withdrawal leaves no listener behind.

export const guard =
  <A extends unknown[], R>(run: (...values: A) => R): ((...values: A) => R | undefined) =>
  (...values) => {
    try {
      return run(...values)
    } catch {
      return undefined
    }
  }

const undo: (() => void)[] = []

/** `release` runs when everything stops: at a withdrawal, an objection, a refusal by the collector, at pagehide. */
export const onStop = (release: () => void): void => {
  undo.push(guard(release))
}

export const stopAll = (): void => {
  for (const release of undo.splice(0)) release()
}

// Capturing, so that a page's stopPropagation hides nothing; passive, so that we can never delay a scroll.
const options = { capture: true, passive: true }

/**
 * `types` are one or several, with a space between. Capturing at the window sees them all, also those of the document
 * and those that do not bubble.
 */
export const listen = <E extends globalThis.Event>(
  types: string,
  handler: (event: E) => void,
  target: EventTarget = window,
): void => {
  const guarded = guard(handler) as EventListener
  for (const type of types.split(' ')) {
    target.addEventListener(type, guarded, options)
    onStop(() => target.removeEventListener(type, guarded, options))
  }
}

/** A timer whose work looks for itself whether there is still something to do. */
export const later = (run: () => void, ms: number): void => {
  setTimeout(guard(run), ms)
}
