// What the pipeline's tests stand on: a site, a batch, a client, look-ups with fixed keys, and rows read back as columns.

import { createHash } from 'node:crypto'
import type { Site } from '../../collector/config/config.ts'
import { parseTrusted, readClient } from '../../collector/http/client_address.ts'
import { ingest } from '../../collector/pipeline/ingest.ts'
import { createParseAgent } from '../../collector/pipeline/parse_agent.ts'
import { columnsByRowVersion, rowVersion } from '../../collector/pipeline/row_columns.ts'
import type { Client, Ingested, Lookups, Received } from '../../collector/pipeline/stages.ts'
import type { Batch, Event } from '../../contract/events.ts'
import { type PurposeSet, purposeNames, purposeSet } from '../../contract/purposes.ts'

export const siteOrigin = 'https://www.example.com'

export function makeSite(changes: Partial<Site> = {}): Site {
  return {
    id: 'shop',
    name: 'Example shop',
    origins: [siteOrigin],
    mode: 'exempt',
    policy: 1,
    timezone: 'Europe/Bucharest',
    region: '',
    gpc: 'refuse',
    parameters: ['page'],
    search: { parameters: ['q'] },
    groups: [],
    sensitive: [],
    cookieDomain: '',
    events: [],
    numbers: [],
    goals: [],
    funnels: [],
    retention: { exemptDays: 30, grantedDays: 90, rollupMonths: 25 },
    minimumGroup: 10,
    ...changes,
  }
}

/** An event without what every event has; the helper numbers them. */
export type Said = Event extends infer E
  ? E extends Event
    ? Omit<E, 'page' | 'seq' | 'at'> & Partial<E>
    : never
  : never

export function makeBatch(events: readonly Said[], changes: Partial<Batch> = {}): Batch {
  return {
    v: 1,
    site: 'shop',
    batch: 'batchidbatchidbatchid0',
    sent: 100_000,
    consent: { level: 'exempt', purposes: 0, policy: 1, signal: 'default' },
    pages: [{ id: 'pageidpage0', url: `${siteOrigin}/` }],
    events: events.map((event, seq) => ({ page: 0, seq, at: 1000 + seq, ...event }) as Event),
    ...changes,
  }
}

/** A claim that `makeLookups` accepts: the receipt names the purposes that it is for. */
export function grant(purposes: PurposeSet): Batch['consent'] {
  return { level: 'granted', purposes, policy: 1, signal: 'choice', receipt: `good ${purposes}` }
}

export const everyPurpose = purposeSet(purposeNames)

export const testAgent =
  'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36'

/** 2025-06-15T12:34:56.789Z */
export const testInstant = Date.UTC(2025, 5, 15, 12, 34, 56, 789)

export function makeReceived(batch: Batch, changes: Partial<Received> = {}): Received {
  return {
    site: makeSite(),
    batch,
    channel: 'tracker',
    gpc: false,
    dnt: false,
    objected: false,
    userAgent: testAgent,
    receivedAt: testInstant,
    ...changes,
  }
}

export function makeClient(address = '5.2.128.77', userAgent = testAgent): Client {
  return readClient({
    socketAddress: address,
    forwardedFor: undefined,
    userAgent,
    trusted: parseTrusted([]),
    country: prefix => (prefix === '' ? '' : 'RO'),
  })
}

const parseAgent = createParseAgent()

/** A day's key is a hash of zone and day: the same in every test, another for each day. */
export function makeLookups(changes: Partial<Lookups> = {}): Lookups {
  return {
    dayKey: (timezone, day) => createHash('sha256').update(`${timezone} ${day}`).digest(),
    processKey: Buffer.alloc(32, 7),
    parseAgent,
    checkReceipt: receipt => {
      const purposes = /^good (\d+)$/.exec(receipt)?.[1]
      return purposes === undefined
        ? { valid: false, reason: receipt === '' ? 'malformed' : 'forged' }
        : { valid: true, purposes: Number(purposes) }
    },
    ...changes,
  }
}

export type TestRow = Readonly<Record<string, string>>

/** Rows as ClickHouse would read them. */
export function readRows({ rows }: Pick<Ingested, 'rows'>): TestRow[] {
  const columns = columnsByRowVersion.get(rowVersion) ?? []
  const lines = rows.split('\n')
  if (lines.pop() !== '') throw new Error('the last row does not end with a newline')
  return lines.map(line => {
    const values = line.split('\t')
    if (values.length !== columns.length)
      throw new Error(`${values.length} values for ${columns.length} columns`)
    return Object.fromEntries(columns.map((column, index) => [column, unescapeCell(values[index] ?? '')]))
  })
}

/** What escapeCell does, undone: https://clickhouse.com/docs/interfaces/formats/TabSeparated */
export function unescapeCell(text: string): string {
  const marks: Record<string, string> = { t: '\t', n: '\n', r: '\r', '0': '\0', '\\': '\\' }
  return text.replace(/\\(.)/gs, (_, mark: string) => marks[mark] ?? `\\${mark}`)
}

/** One batch all the way, with test defaults for everything that is not given. */
export function ingestEvents(
  events: readonly Said[],
  {
    batch,
    client,
    lookups,
    ...received
  }: Partial<Omit<Received, 'batch'>> & { batch?: Partial<Batch>; client?: Client; lookups?: Lookups } = {},
): Ingested & { readonly read: TestRow[] } {
  const ingested = ingest(
    makeReceived(makeBatch(events, batch), received),
    client ?? makeClient(),
    lookups ?? makeLookups(),
  )
  return { ...ingested, read: readRows(ingested) }
}
