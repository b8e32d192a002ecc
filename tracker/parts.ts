// The files of their own that are loaded when they are first needed, so that pages which never do pay nothing. As modules:
// a page under Trusted Types lets no script set the address of a script element, but does let it import.

import type { Choice } from './api.ts'
import type { Stored } from './storage.ts'

/** What the tracker lends to a part, which is built apart from it and has no state of its own. */
export type Host = {
  site: string
  policy: number
  request(path: string, body: string): Promise<Response>
  readGrant(): Stored | undefined
  isRefused(): boolean
  withdraw(): Promise<void>
  /** True while no other choice was made since this function was made. */
  isLatest(): boolean
  /** Measures by the grant that was just written. */
  restart(): void
}

export type Parts = {
  consent: { set(host: Host, choice: Choice): Promise<void> }
}

export type LoadPart = <N extends keyof Parts>(name: N) => Promise<Parts[N]>
