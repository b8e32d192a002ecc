// The types of the pipeline's stages. Each stage can be made only from the one before it, so code that skips consent or
// truncation does not compile: Received ▸ Permitted ▸ Anonymous ▸ Row.

import type { DropCounts } from '../../contract/drop_reasons.ts'
import type { Batch, Event, EventType } from '../../contract/events.ts'
import type { PurposeSet } from '../../contract/purposes.ts'
import type { Site } from '../config/config.ts'
import type { BatchCells, EventCells, MomentCells, PageCells } from './cells.ts'
import type { OwnPage } from './scrub/own_page.ts'

declare const stage: unique symbol
type Stage<Name extends string, T> = T & { readonly [stage]: Name }

export type Channel = 'tracker' | 'pixel' | 'import'

/** A valid batch of a known site, with what the request said about consent. Holds no address. */
export type Received = {
  readonly site: Site
  readonly batch: Batch
  readonly channel: Channel
  /** `Sec-GPC: 1` or `DNT: 1`. */
  readonly gpc: boolean
  readonly dnt: boolean
  /** The cookie `lightfoot_off=1`. */
  readonly objected: boolean
  readonly userAgent: string
  /** Unix time, milliseconds. */
  readonly receivedAt: number
}

/** What consent lets through: a level, its purposes, and only events that the matrix has a cell for. */
export type Permitted = Stage<
  'Permitted',
  Received & {
    readonly level: 'exempt' | 'granted'
    readonly purposes: PurposeSet
    readonly events: readonly Event[]
    /** The batch's pages; undefined for one that is not the site's own, which no event here speaks of. */
    readonly pages: readonly (OwnPage | undefined)[]
  }
>

/** What is left once every field was reduced to its cell of the matrix: nothing in it is finer than a row may be. */
export type Anonymous = Stage<
  'Anonymous',
  { readonly batch: BatchCells; readonly events: readonly AnonymousEvent[]; readonly subjectTag: bigint }
>

/** One event; `page` is the same object for all events of a page, so that its columns are written once. */
export type AnonymousEvent = {
  readonly page: PageCells
  readonly moment: MomentCells
  readonly type: EventType
  readonly cells: EventCells
}

/** The key of one site-local day; see privacy/day_keys.ts. */
export type DayKey = Buffer

/** What is known of the client, its address already gone: the closure computes an id and gives nothing else out. */
export type Client = {
  /** Truncated address, `203.0.113.0` or `2001:db8::`, '' when there is none. */
  readonly prefix: string
  /** ISO 3166-1 alpha-2, '' when unknown. */
  readonly country: string
  /** 24-bit id of the day, 1 to 2^24; 0 when there is no address. */
  dailyId(siteId: string, key: DayKey): number
}

export type Agent = {
  readonly browser: string
  readonly browserVersion: string
  readonly system: string
  readonly systemVersion: string
  readonly device: string
  readonly isBot: boolean
}

export type ReceiptVerdict =
  | { readonly valid: true; readonly purposes: PurposeSet }
  | { readonly valid: false; readonly reason: ReceiptRefusal }

export const receiptRefusals = [
  'malformed',
  'forged',
  'expired',
  'other_site',
  'older_policy',
  'claims_more',
] as const
export type ReceiptRefusal = (typeof receiptRefusals)[number]

/** Everything that a step may look up. All synchronous; the process that owns the pipeline makes it once. */
export type Lookups = {
  dayKey(timezone: string, day: string): DayKey | undefined
  /** For pages of a day whose key is gone: a key of this process, so that nothing links to what came before. */
  readonly processKey: Buffer
  parseAgent(userAgent: string): Agent
  checkReceipt(receipt: string, site: Site, receivedAt: number): ReceiptVerdict
}

/** What is counted beside drops; each is a metric. */
export type Notice = `receipt_${ReceiptRefusal}` | 'signals_disagree' | 'no_day_key' | 'no_address'

/** One batch, ready for the spool. `rows` is TabSeparated, one line an event. */
export type Ingested = {
  readonly rows: string
  readonly rowCount: number
  readonly rowVersion: number
  /** 64-bit hash of (site, batch). */
  readonly batchHash: bigint
  /** 64-bit tag of a first-party id, by which erasure finds a subject's records in the spool; 0n when there is none. */
  readonly subjectTag: bigint
  /** 32-bit hash of (site, visitor): the shard in cluster mode. */
  readonly shard: number
  readonly accepted: number
  readonly dropped: DropCounts
  readonly notices: readonly Notice[]
}
