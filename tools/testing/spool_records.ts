// Records for tests of the spool and the loader: each row is a whole row of `events`, told apart by its page and seq.

import { columnsByRowVersion, loadDigits } from '../../collector/pipeline/row_columns.ts'
import type { SpoolRecord } from '../../collector/spool/record.ts'

const texts = new Set(
  `site type channel consent country prefix browser browser_version system system_version device screen language host path
  parameters page_group title navigation arrival referrer_host referrer_path from_path campaign_source campaign_medium
  campaign_name campaign_term campaign_content click_id kind name name_group target target_host target_path dialled
  frustration term properties tag resource message protocol area`.split(/\s+/),
)

const startedAt = Date.now()

/** A UTC day, counted from the one on which this process began: what the database deletes in time goes by its own clock. */
export function dayFromToday(days: number): string {
  return new Date(startedAt + days * 24 * 3600 * 1000).toISOString().slice(0, 10)
}

/** A row of `events` with a few columns set: `eventRow({ page: '7' })`. */
export function eventRow(values: Readonly<Record<string, string>> = {}): string {
  const received = values.received ?? dayFromToday(0)
  const day = values.day ?? received
  const defaults: Record<string, string> = {
    load: '0'.repeat(loadDigits),
    site: 'shop',
    received,
    day,
    hour: `${day} 10:00:00`,
    time: `${day} 10:11:00.000`,
    expires: '2099-01-01',
    type: 'pageview',
    identity: '00000000-0000-0000-0000-000000000000',
    path: '/a',
  }
  const columns = columnsByRowVersion.get(1) ?? []
  const fields = columns.map(column => values[column] ?? defaults[column] ?? (texts.has(column) ? '' : '0'))
  return `${fields.join('\t')}\n`
}

/** A batch of `rowCount` events of page `number`; its hash is the number too, unless told otherwise. */
export function spoolRecord(
  number: number,
  {
    rowCount = 1,
    batchHash = BigInt(number),
    values = {},
  }: { rowCount?: number; batchHash?: bigint; values?: Readonly<Record<string, string>> } = {},
): SpoolRecord {
  const rows = Array.from({ length: rowCount }, (_, seq) =>
    eventRow({ page: String(number), seq: String(seq), ...values }),
  )
  return {
    rowVersion: 1,
    batchHash,
    subjectTag: 0n,
    shard: number % 7,
    rowCount,
    rows: Buffer.from(rows.join('')),
  }
}

/** The number of a record made here. */
export function numberOf(record: SpoolRecord): number {
  return Number(record.batchHash)
}
