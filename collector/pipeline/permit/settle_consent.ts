// Settles at which level, and for which purposes, the batch may be kept. A grant needs a receipt: a claim without a good
// one is counted and treated as no choice. No choice means exempt on an exempt site and nothing on a strict one.

import { closedByGpc, type PurposeSet } from '../../../contract/purposes.ts'
import type { Lookups, ReceiptRefusal } from '../stages.ts'
import { notice } from '../tally.ts'
import { type Draft, dropAll } from './draft.ts'
import { hasGpc } from './drop_objected.ts'

export function settleConsent(draft: Draft, lookups: Lookups): void {
  if (draft.events.length === 0) return
  const { batch, channel, site } = draft.received
  noticeDisagreement(draft)
  // A pixel has no script that could show a choice: it is exempt only.
  const purposes =
    batch.consent.level === 'granted' && channel !== 'pixel' ? grantedPurposes(draft, lookups) : 0
  // A choice for no purpose at all is no grant: on an exempt site it is measured like everyone, on a strict one not.
  if (purposes !== 0) {
    draft.level = 'granted'
    draft.purposes = purposes
  } else if (site.mode === 'strict') {
    dropAll(draft, 'no_consent')
  }
}

/**
 * The purposes that are really granted, 0 when the claim does not hold. A valid receipt is the visitor's own choice and
 * so stands above GPC and DNT, but a choice never re-opens `disclosure` against GPC.
 */
function grantedPurposes(draft: Draft, lookups: Lookups): PurposeSet {
  const { batch, receivedAt, site } = draft.received
  const claimed = batch.consent.purposes
  const verdict = lookups.checkReceipt(batch.consent.receipt ?? '', site, receivedAt)
  if (!verdict.valid) return refuse(draft, verdict.reason)
  // The page shows which policy it asked for; a receipt of now beside a claim of before is not one story.
  if (batch.consent.policy !== site.policy) return refuse(draft, 'older_policy')
  if ((claimed & ~verdict.purposes) !== 0) return refuse(draft, 'claims_more')
  if (!hasGpc(draft)) return claimed
  if ((claimed & closedByGpc) !== 0) notice(draft.tally, 'signals_disagree')
  return claimed & ~closedByGpc
}

function refuse(draft: Draft, reason: ReceiptRefusal): PurposeSet {
  notice(draft.tally, `receipt_${reason}`)
  return 0
}

/**
 * The request's headers and the page speak of the same browser, so they should agree. They are counted when they do not;
 * the stricter already wins, as either of them is enough. A choice is no contradiction: it is meant to stand above.
 */
function noticeDisagreement(draft: Draft): void {
  const { batch, dnt, gpc } = draft.received
  const { signal } = batch.consent
  const pageObjects = signal === 'gpc' || signal === 'dnt'
  const headerObjects = gpc || dnt
  if (signal === 'default' ? headerObjects : pageObjects && !headerObjects)
    notice(draft.tally, 'signals_disagree')
}
