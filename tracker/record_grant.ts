// Records a grant. It counts once the collector has given its receipt, and as far as that goes.

import type { Choice } from './api.ts'
import type { Host } from './parts.ts'
import { randomId } from './random_id.ts'
import { writeGrant } from './storage.ts'

/** `tcf` is what a consent platform said: its TC string and what came of it. */
export const set = async (
  { site, policy, request, isLatest, isRefused }: Host,
  purposes: number,
  choice: Omit<Choice, 'purposes'>,
  tcf?: { string_: string | undefined; answer_: string },
): Promise<boolean> => {
  // An objection, also one by GPC, is not undone by a banner.
  if (!isLatest() || isRefused()) return false
  const told = {
    site,
    policy: choice.policy ?? policy,
    choice: 'grant',
    purposes: PURPOSES.filter((_, bit) => purposes & (1 << bit)),
    source: choice.source,
    tcf: tcf?.string_,
  }
  const response = await request('/v1/consent', JSON.stringify(told))
  const { receipt } = await response.json()
  if (!isLatest() || !receipt) return false
  // The collector may have found less in the TC string. `v1.<site>.<policy>.<purposes>.…`
  const granted = Number(receipt.split('.')[3])
  const visitor = granted & PURPOSE_OF.visitor ? randomId(22) : undefined
  writeGrant({ receipt, policy, purposes: granted, visitor, tcf: tcf?.answer_ })
  return true
}
