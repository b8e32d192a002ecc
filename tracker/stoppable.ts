// What `web-vitals` finds in place of the browser's own (tools/stoppable_vitals.mjs puts it there): the package itself cannot be
// stopped, and a withdrawal stops everything; and it waits for idle moments, of which a page that is left has none.

export const stopping = new AbortController()
const { signal } = stopping
const Observer = window.PerformanceObserver

/** The package always captures. By a signal, because it adds listeners for as long as it runs. */
export const addEventListener = (type: string, listener: EventListener, options?: object): void => {
  // An aborted signal would let nothing be added either.
  if (!signal.aborted) window.addEventListener(type, listener, { ...options, capture: true, signal })
}

/** Each tells the package what the browser has seen and not yet told. */
const observers: (() => void)[] = []

/** Called with `new`, as the constructor is. */
export function PerformanceObserver(told: PerformanceObserverCallback): PerformanceObserver {
  const observer = new Observer(told)
  signal.addEventListener('abort', () => observer.disconnect())
  observers.push(() => {
    const entries = observer.takeRecords()
    const list = { getEntries: () => entries } as PerformanceObserverEntryList
    if (entries[0]) told(list, observer)
  })
  return observer
}

/** Missing in a browser that has no observer: the package then measures nothing. */
PerformanceObserver.supportedEntryTypes = Observer?.supportedEntryTypes

/** What the package does later. */
const waiting = new Set<() => void>()

const wait = (run: () => void, schedule: (run: () => void) => void): void => {
  waiting.add(run)
  schedule(() => waiting.delete(run) && run())
}

/** Everything that waits is done: what is measured is what the browser knows. */
export const flush = (): void => {
  for (const observer of observers) observer()
  // Also what is added meanwhile.
  for (const run of waiting) {
    waiting.delete(run)
    run()
  }
}

export const queueMicrotask = (run: () => void): void => wait(run, window.queueMicrotask)

const { requestIdleCallback = setTimeout as unknown as typeof window.requestIdleCallback } = window

/** In the place of the package's own, which knows only that a page is hidden. */
export const whenIdleOrHidden = (run: () => void): void => {
  wait(run, run => requestIdleCallback(run, { timeout: 1000 }))
}
