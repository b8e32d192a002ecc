// lightfoot.consent.js: records a grant. It counts once the collector has given its receipt.

import type { Choice } from './api.ts'
import type { Host } from './parts.ts'
import { randomId } from './random_id.ts'
import { writeGrant } from './storage.ts'

/** Banners call this on every page: a choice that is known already changes nothing and asks nobody. */
export const set = async (
  host: Host,
  { purposes: chosen, policy = host.policy, source }: Choice,
): Promise<void> => {
  const { site, request, readGrant, isRefused, isLatest, withdraw, restart } = host
  let mask = 0
  const purposes = PURPOSES.filter((name, bit) => {
    const isChosen = chosen.includes(name)
    mask |= Number(isChosen) << bit
    return isChosen
  })
  if (!isLatest() || (readGrant()?.purposes ?? 0) === mask) return
  // To grant nothing takes back what was granted.
  if (!mask) return withdraw()
  // An objection, also one by GPC, is not undone by a banner.
  if (isRefused()) return
  const choice = { site, policy, choice: 'grant', purposes, source }
  const response = await request('/v1/consent', JSON.stringify(choice))
  const { receipt } = await response.json()
  if (!isLatest() || !receipt) return
  const visitor = mask & PURPOSE_OF.visitor ? randomId(22) : undefined
  writeGrant({ receipt, policy: host.policy, purposes: mask, visitor })
  restart()
}
