// The pipeline: one batch from what was received to rows for the spool. The lists below are the specification: each step
// is a file, they run in this order, and what a step is not given it cannot keep. Nothing here waits, reads a clock or
// touches a disk.

import { anonymise } from './anonymise/anonymise.ts'
import type { BatchStep, PageStep } from './anonymise/context.ts'
import { putAddress } from './anonymise/put_address.ts'
import { putAgent } from './anonymise/put_agent.ts'
import { putGroup } from './anonymise/put_group.ts'
import { putLanguage } from './anonymise/put_language.ts'
import { putOrigin } from './anonymise/put_origin.ts'
import { putScreen } from './anonymise/put_screen.ts'
import { putUrl } from './anonymise/put_url.ts'
import { batchHash, shardOf } from './batch_keys.ts'
import type { PermitStep } from './permit/draft.ts'
import { dropBots } from './permit/drop_bots.ts'
import { dropForeignUrls } from './permit/drop_foreign_urls.ts'
import { dropObjected } from './permit/drop_objected.ts'
import { dropServerOnly } from './permit/drop_server_only.ts'
import { dropWithoutCell } from './permit/drop_without_cell.ts'
import { permit } from './permit/permit.ts'
import { settleConsent } from './permit/settle_consent.ts'
import { encodeRows } from './row.ts'
import { rowVersion } from './row_columns.ts'
import type { Anonymous, Client, Ingested, Lookups, Received } from './stages.ts'
import { createTally } from './tally.ts'

/** Received ▸ Permitted. Consent first: nothing is looked up for a visitor who is not to be counted. */
export const permitSteps: readonly PermitStep[] = [
  dropObjected,
  settleConsent,
  dropBots,
  dropServerOnly,
  dropForeignUrls,
  dropWithoutCell,
]

/** Permitted ▸ Anonymous, what a batch has in common. */
export const batchSteps: readonly BatchStep[] = [putOrigin, putAddress, putAgent, putScreen, putLanguage]

/** Permitted ▸ Anonymous, what a page has in common. After them each event: putMoment, then the reduce_… of its type. */
export const pageSteps: readonly PageStep[] = [putUrl, putGroup]

/** Never throws for what a client sent: `received.batch` has passed the validator, and loss is counted. */
export function ingest(received: Received, client: Client, lookups: Lookups): Ingested {
  const tally = createTally()
  const permitted = permit(received, lookups, tally, permitSteps)
  const anonymous = permitted && anonymise(permitted, client, lookups, tally, { batchSteps, pageSteps })
  return {
    rows: anonymous === undefined ? '' : encodeRows(anonymous),
    rowCount: anonymous?.events.length ?? 0,
    rowVersion,
    batchHash: batchHash(received.site.id, received.batch.batch),
    subjectTag: anonymous?.subjectTag ?? 0n,
    shard: anonymous === undefined ? 0 : shardOfRows(received.site.id, anonymous),
    accepted: anonymous?.events.length ?? 0,
    dropped: tally.dropped,
    notices: tally.notices,
  }
}

/** By visitor, so that all rows of one are on one shard; without a visitor by page, so that they spread. */
function shardOfRows(siteId: string, { events }: Anonymous): number {
  const moment = events[0]?.moment
  if (moment === undefined) return 0
  return shardOf(siteId, moment.visitor === '0' ? moment.page : moment.visitor)
}
