// What a page may call: `window.lightfoot`, and the functions of the package `lightfoot/tracker`. None of them throws.

import type { Purpose } from '../contract/purposes.ts'

export type Properties = Record<string, string | number | boolean>

/** `policy` is the version that the visitor was shown, by default the snippet's; `source` a short name: `banner`. */
export type Choice = { purposes: Purpose[]; policy?: number; source?: string }

export type Status = {
  level: 'none' | 'objected' | 'exempt' | 'granted'
  purposes: Purpose[]
  policy: number
}

/** Each answers with the state that came of it; what failed has changed nothing. */
export type ConsentApi = {
  /** Records a grant and measures by it from then on; no purposes at all withdraw what was granted. */
  set(choice: Choice): Promise<Status | undefined>
  /** Stops at once, removes what was kept, tells the collector. */
  withdraw(): Promise<Status | undefined>
  /** As `withdraw`, and leaves the cookie `lightfoot_off=1`, which only the visitor can remove. */
  object(): Promise<Status | undefined>
  status(): Status | undefined
}

export type CoreApi = {
  /** What is shown now is a new page, although the address did not change. */
  pageview(): void
  consent: ConsentApi
}

export type Lightfoot = CoreApi & {
  /** An event of the site's own: a name of at most 100 characters, at most 20 flat properties. */
  track(name: string, properties?: Properties): void
  /** A service or product that is looked at; each name counts once a page. */
  view(name: string, group?: string): void
  /** A search on the site, and how much it found; each term counts once a document. */
  search(term: string, results?: number): void
}

/** A page's calls before the script is there: `[name, values]`, as the stub in docs/tracker.md keeps them. */
export type Stub = { q?: [name: string, values: unknown[]][]; consent?: unknown }

declare global {
  interface Window {
    lightfoot?: Lightfoot
  }
}
