// The files of their own that are loaded when they are first needed, so that pages which never do pay nothing. As modules:
// a page under Trusted Types lets no script set the address of a script element, but does let it import.

import type { ClickEvent } from '../contract/events.ts'
import type { PurposeSet } from '../contract/purposes.ts'
import type { Choice, Lightfoot } from './api.ts'
import type { Draft } from './draft.ts'
import type { Stored } from './storage.ts'

/** A choice as the collector is told of it, beside site and policy; a grant with what belongs to it. */
export type Told = { choice: 'withdraw' | 'object' } | { choice: 'grant'; [more: string]: unknown }

/** What the tracker lends to the part that records a choice, which is built apart from it. */
export type Host = {
  /** The grant that was stored before this choice, if any. */
  known: Partial<Stored>
  tell(choice: Told): Promise<Response>
  /** True while no other choice was made since this one, and no objection stands. */
  isOpen(): boolean
}

/** A choice for these purposes is being made: what it no longer grants has ended when this comes back. */
export type NewChoice = (purposes: PurposeSet) => Host

export type ConsentPart = {
  /** True when the grant is recorded and written. */
  set(host: Host, purposes: PurposeSet, choice: Omit<Choice, 'purposes'>): Promise<boolean>
  /**
   * Follows a consent platform. `map` is the snippet's `data-tcf`; `answered` is told each answer that is not the same as
   * before, `''` for one that grants nothing.
   */
  follow(map: string, newChoice: NewChoice, answered: (answer: string) => void): void
  /** Tells the visitor whether an objection stands. */
  notice(): void
}

/** Once a document. */
export type VitalsPart = {
  /** What is new since it was last asked, in what the gate allows; asked for the first time it starts to measure. */
  take(allowed: Gate, granted: Gate): Draft[]
  /** For good: nothing of this document is measured any more. */
  stop(): void
}

type Gate = (purpose: number) => boolean

/** An event of an error or a rejection, or what the browser lists of a resource. */
export type Failure = Partial<ErrorEvent & PromiseRejectionEvent & PerformanceResourceTiming>

export type ErrorsPart = {
  /** `url` is a resource's. Everything but kind and class of a status is told only where it `isExact`. */
  report(
    failure: Failure,
    url: string,
    isExact: boolean,
    emit: (event: Draft) => void,
    plainUrl: (url: string) => string | undefined,
    sentStatus: (status?: number) => number | undefined,
  ): void
}

export type SearchesPart = {
  /** A search, whose `results` are still to come where they are undefined; `emit` tells of its page, while that goes on. */
  note(term: string, results: number | undefined, isExact: boolean, emit: (event: Draft) => void): void
  /** The latest search, if its results are still waited for. */
  tell(): void
}

/** What the tracker lends to the part that holds what a grant opens. */
export type Loan = {
  granted(purpose: number): boolean
  /** Tells of the page as it is when this is called. */
  emit(event: Draft): void
}

/** A click as it was told; what becomes of it is added until it is sent. */
export type Click = { kind: ClickEvent['kind']; frustration?: ClickEvent['frustration'] }

/** None of these throws, `start` apart. */
export type GrantedPart = {
  start(loan: Loan): void
  /** Until it is started again. */
  stop(): void
  /** Engagement is told, at the `isEnd` of a page or before. */
  tell(isEnd: boolean | undefined): void
  /** Before the click is told. */
  judge(event: MouseEvent, click: Click): void
  /** The click that may yet be found dead. */
  readonly openClick: Click | undefined
  view: Lightfoot['view']
}

export type Parts = {
  consent: ConsentPart
  granted: GrantedPart
  errors: ErrorsPart
  searches: SearchesPart
  vitals: VitalsPart
}

/** Undefined where it cannot be loaded, or `use` fails. */
export type LoadPart = <N extends keyof Parts, R>(
  name: N,
  use: (part: Parts[N]) => R | Promise<R>,
) => Promise<R | undefined>
