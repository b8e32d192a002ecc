// What is configured while the fuzz runs, and the grants that its batches claim.

import type { BatchConsent } from '../../contract/events.ts'
import { allPurposes, type Purpose, purposeBit, purposeSet, purposesOf } from '../../contract/purposes.ts'

export const origin = 'https://www.example.com'
export const anyHost = 'https://*.tenants.example.com'
export const policy = 2

const site = {
  id: 'shop',
  origins: [origin, anyHost],
  mode: 'exempt',
  policy,
  timezone: 'Europe/Bucharest',
  parameters: ['page'],
  search: { parameters: ['q'] },
  sensitive: ['/health/*'],
  groups: [{ name: 'Order', path: '/order/*' }],
  events: ['Signed up'],
  numbers: ['+40213000000'],
  minimumGroup: 1,
}

/** One that measures without consent, one that does not, one where GPC is an objection. */
export const config = {
  sites: [site, { ...site, id: 'strict', mode: 'strict' }, { ...site, id: 'quiet', gpc: 'objection' }],
}
export const siteIds = config.sites.map(({ id }) => id)

export const exempt: BatchConsent = { level: 'exempt', purposes: 0, policy, signal: 'default' }

/** By site; the first of each is of all purposes, the second of all but calls. */
export type Grants = Readonly<Record<string, readonly BatchConsent[]>>

const granted: readonly number[] = [
  allPurposes,
  allPurposes & ~purposeBit('calls'),
  purposeSet(['statistics']),
  purposeSet(['behaviour', 'performance']),
  purposeSet(['identity', 'campaigns']),
]

/** Asked for as a banner would. */
export async function askGrants(url: string): Promise<Grants> {
  const grants: Record<string, BatchConsent[]> = {}
  for (const id of siteIds) {
    grants[id] = await Promise.all(granted.map(purposes => grant(url, id, purposesOf(purposes))))
  }
  return grants
}

async function grant(url: string, id: string, purposes: readonly Purpose[]): Promise<BatchConsent> {
  const choice = { site: id, policy, choice: 'grant', purposes, source: 'banner' }
  const answer = await fetch(`${url}/v1/consent`, {
    method: 'POST',
    headers: { origin, 'content-type': 'text/plain' },
    body: JSON.stringify(choice),
  })
  if (answer.status !== 201) throw new Error(`a grant was answered ${answer.status}`)
  const { receipt } = (await answer.json()) as { receipt: string }
  return { level: 'granted', purposes: purposeSet(purposes), policy, signal: 'choice', receipt }
}
