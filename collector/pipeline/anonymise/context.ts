// What every anonymise step may look at. The draft cells are written by the steps, in their order, and by nothing else.

import type { BatchCells, PageCells } from '../cells.ts'
import type { Gate } from '../gate.ts'
import type { OwnPage } from '../scrub/own_page.ts'
import type { Client, DayKey, Lookups, Permitted } from '../stages.ts'
import type { Tally } from '../tally.ts'

/** The same type, open for writing. */
export type Draft<T> = { -readonly [K in keyof T]: T[K] }

export type Context = {
  readonly permitted: Permitted
  readonly gate: Gate
  readonly client: Client
  readonly lookups: Lookups
  readonly tally: Tally
  /** Key and ids of the local day of the last event: a batch touches one day or, around midnight, two. */
  day: DayContext | undefined
}

/** A page of the batch while it is made: its columns, and what the event steps need to know of it. */
export type PageDraft = {
  readonly cells: Draft<PageCells>
  readonly own: OwnPage
  readonly url: URL
  readonly pageId: string
  readonly isSensitive: boolean
  /** HMAC of the page's id on the day of its last event; a page that stays open over midnight has two. */
  hash: { readonly day: string; readonly text: string } | undefined
}

/** What one local day needs but once: its key, the visitor's id of that day, and when its rows expire. */
export type DayContext = {
  readonly day: string
  readonly key: DayKey | undefined
  readonly visitor: string
  readonly expires: string
}

export type BatchStep = (cells: Draft<BatchCells>, context: Context) => void
export type PageStep = (page: PageDraft, context: Context) => void
