// The files of their own that are loaded when they are first needed, so that pages which never do pay nothing. As modules:
// a page under Trusted Types lets no script set the address of a script element, but does let it import.

import type { VitalEvent } from '../contract/events.ts'
import type { PurposeSet } from '../contract/purposes.ts'
import type { Choice } from './api.ts'
import type { Restart } from './pageview.ts'
import type { Stored } from './storage.ts'

/** What the tracker lends to a part, which is built apart from it. */
export type Host = {
  site: string
  policy: number
  request(path: string, body: string): Promise<Response>
  /** The grant that was stored before this choice, if any. */
  known: Partial<Stored>
  isRefused(): boolean
  /** Tells the collector that nothing is granted any more. */
  tellWithdrawal(): Promise<unknown>
  /** True while no other choice was made since this one. */
  isLatest(): boolean
}

/** A choice for these purposes is being made: what it no longer grants has ended when this comes back. */
export type NewChoice = (purposes: PurposeSet) => Host

/** What the consent platform said counts from now on: `''` grants nothing. `restart`: by a grant that was just written. */
export type Answered = (answer: string, restart?: Restart) => void

export type ConsentPart = {
  /** True when the grant is recorded and written. */
  set(host: Host, purposes: PurposeSet, choice: Omit<Choice, 'purposes'>): Promise<boolean>
  /** Follows a consent platform; `map` is the snippet's `data-tcf`. */
  follow(map: string, newChoice: NewChoice, answered: Answered): void
  /** Tells the visitor whether an objection stands. */
  notice(): void
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
  consent: ConsentPart
  /** Once a document. */
  vitals: { measure(): Vitals }
}

export type LoadPart = <N extends keyof Parts>(name: N) => Promise<Parts[N]>
