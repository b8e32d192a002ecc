// Records a grant. It counts once the collector has given its receipt, and as far as that goes.

import type { Choice } from './api.ts'
import type { Host } from './parts.ts'
import { randomId } from './random_id.ts'
import { writeGrant } from './storage.ts'

/** `tcf` is what a consent platform said: its TC string and what came of it. */
export const set = async (
  { tell, isOpen }: Host,
  purposes: number,
  { policy, source }: Omit<Choice, 'purposes'>,
  tcf?: { string_: string | undefined; answer_: string },
): Promise<boolean> => {
  // An objection, also one by GPC, is not undone by a banner.
  if (!isOpen()) return false
  const response = await tell({
    choice: 'grant',
    ...(policy !== undefined && { policy }),
    purposes: PURPOSES.filter((_, bit) => purposes & (1 << bit)),
    source,
    tcf: tcf?.string_,
  })
  const { receipt } = await response.json()
  if (!isOpen() || !receipt) return false
  // `v1.<site>.<policy>.<purposes>.…`: the collector may have found less in the TC string.
  const [, , version, granted] = receipt.split('.').map(Number)
  const visitor = granted & PURPOSE_OF.visitor ? randomId(22) : undefined
  writeGrant({ receipt, policy: version, purposes: granted, visitor, tcf: tcf?.answer_ })
  return true
}
