// What every anonymise step may look at. The draft cells are written by the steps, in their order, and by nothing else.

import type { BatchCells, PageCells } from '../cells.ts'
import type { Gate } from '../gate.ts'
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
  /** Keys and ids of the local days that the batch touches: one or, around midnight, two. */
  readonly days: Map<string, DayContext>
}

/** A page of the batch while it is made: its columns, and what the event steps need to know of it. */
export type PageDraft = {
  readonly cells: Draft<PageCells>
  readonly url: URL
  readonly pageId: string
  isSensitive: boolean
  /** HMAC of the page's id by local day; a page that stays open over midnight has two. */
  readonly hashes: Map<string, string>
}

/** What one local day needs but once: its key, the visitor's id of that day, and when its rows expire. */
export type DayContext = {
  readonly key: DayKey | undefined
  readonly visitor: string
  readonly expires: string
}

export type BatchStep = (cells: Draft<BatchCells>, context: Context) => void
export type PageStep = (page: PageDraft, context: Context) => void
