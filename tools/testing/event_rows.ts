// Raw rows written by hand: only what a test is about, everything else as a row of no kind has it.

import { escapeCell } from '../../collector/pipeline/row.ts'
import { columnsByRowVersion, firstLoad } from '../../collector/pipeline/row_columns.ts'
import type { Store } from '../../collector/store/store.ts'

export const columns = columnsByRowVersion.get(1) ?? []

export type EventRow = Readonly<Record<string, string | number>>

const defaults: EventRow = {
  load: firstLoad,
  site: 'shop',
  received: '2026-11-20',
  day: '2026-11-20',
  hour: '2026-11-20 10:00:00',
  time: '2026-11-20 10:05:00.000',
  expires: '2100-01-01',
  channel: 'tracker',
  consent: 'exempt',
  type: 'pageview',
  identity: '00000000-0000-0000-0000-000000000000',
  navigation: 'navigate',
  host: 'www.example.com',
  path: '/',
}
const texts = new Set(
  `host path parameters page_group title navigation arrival referrer_host referrer_path from_path campaign_source
  campaign_medium campaign_name campaign_term campaign_content click_id kind name name_group target target_host target_path
  dialled frustration term properties tag resource message protocol area country prefix browser browser_version system
  system_version device screen language`.split(/\s+/),
)

/** A number above 2^53 is given as text: `{ visitor: '9223372036854775809' }`. */
export function eventLine(row: EventRow): string {
  const unknown = Object.keys(row).find(name => !columns.includes(name))
  if (unknown !== undefined) throw new Error(`no such column: ${unknown}`)
  const cells = columns.map(name => escapeCell(row[name] ?? defaults[name] ?? (texts.has(name) ? '' : 0)))
  return `${cells.join('\t')}\n`
}

/** One load for each day of receipt, as the loader does it: a load is in one partition. */
export async function insertRows(store: Store, load: number, rows: readonly EventRow[]): Promise<void> {
  const byReceived = new Map<string, EventRow[]>()
  for (const row of rows) {
    const received = String(row.received ?? defaults.received)
    byReceived.set(received, [...(byReceived.get(received) ?? []), row])
  }
  let number = load
  for (const part of byReceived.values()) {
    const lines = part.map(row => eventLine({ ...row, load: number }))
    await store.insert('events', columns, Buffer.from(lines.join('')), `load-${number}`)
    number += 1
  }
}
