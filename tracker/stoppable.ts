// What `web-vitals` finds in place of the browser's own (tools/tracker_build.mjs puts it there): the package itself cannot be
// stopped, and a withdrawal stops everything. By a signal, because the package adds listeners for as long as it runs.

export const stopping = new AbortController()
const { signal } = stopping
const Observer = window.PerformanceObserver

/** The package always captures. */
export const addEventListener = (type: string, listener: EventListener, options?: object): void => {
  window.addEventListener(type, listener, { ...options, capture: true, signal })
}

/** Called with `new`, as the constructor is. */
export function PerformanceObserver(told: PerformanceObserverCallback): PerformanceObserver {
  const observer = new Observer(told)
  signal.addEventListener('abort', () => observer.disconnect())
  return observer
}

/** Missing in a browser that has no observer: the package then measures nothing. */
PerformanceObserver.supportedEntryTypes = Observer?.supportedEntryTypes
