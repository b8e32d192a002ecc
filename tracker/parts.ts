// The files of their own that are loaded when they are first needed, so that pages which never do pay nothing. As modules:
// a page under Trusted Types lets no script set the address of a script element, but does let it import.

import type { VitalEvent } from '../contract/events.ts'
import type { Choice } from './api.ts'
import type { Stored } from './storage.ts'

/** What the tracker lends to a part, which is built apart from it. */
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

/** A vital as `emit` takes it. */
export type Vital = Pick<VitalEvent, 'type' | 'name' | 'value'>

export type Vitals = {
  /** What has changed since it was last asked: as measured, or the lower edge of each bucket. */
  take(isExact: boolean): Vital[]
  /** For good: nothing of this document is measured any more. */
  stop(): void
}

export type Parts = {
  consent: { set(host: Host, choice: Choice): Promise<void> }
  /** Once a document. */
  vitals: { measure(): Vitals }
}

export type LoadPart = <N extends keyof Parts>(name: N) => Promise<Parts[N]>
