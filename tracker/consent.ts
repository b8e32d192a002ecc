// `lightfoot.consent`: a page's banner says here what its visitor chose. A grant counts once the collector has given its
// receipt; a withdrawal and an objection stop everything before the collector is told.

import type { Purpose } from '../contract/purposes.ts'
import { request, silence } from './delivery.ts'
import { consent, granted, isRefused } from './gate.ts'
import { guard } from './guard.ts'
import { randomId } from './random_id.ts'
import { data, isSilent, policy } from './settings.ts'
import { forgetGrant, isObjected, readGrant, writeGrant, writeObjection } from './storage.ts'

/** `policy` is the version that the visitor was shown, `source` a short name: `banner`. */
export type Choice = { purposes: Purpose[]; policy?: number; source?: string }
export type Status = {
  level: 'none' | 'objected' | 'exempt' | 'granted'
  purposes: Purpose[]
  policy: number
}

/** A choice that is still under way counts only while no other was made. */
let turn = 0

export const status = guard((): Status => {
  const level = consent?.level ?? (isObjected() ? 'objected' : 'none')
  return { level, purposes: PURPOSES.filter((_, bit) => granted(1 << bit)), policy }
})

/** Banners call this on every page: a choice that is known already changes nothing and asks nobody. */
export const set = async (choice: Choice, restart: () => void): Promise<void> => {
  const mine = ++turn
  let mask = 0
  const purposes = PURPOSES.filter((name, bit) => {
    const isChosen = choice.purposes.includes(name)
    mask |= Number(isChosen) << bit
    return isChosen
  })
  if ((readGrant()?.purposes ?? 0) === mask) return
  // To grant nothing takes back what was granted.
  if (!mask) return withdraw()
  // An objection, also one by GPC, is not undone by a banner.
  if (isRefused()) return
  const response = await tell('grant', choice.policy ?? policy, purposes, choice.source)
  const { receipt } = await response.json()
  if (mine !== turn || !receipt) return
  const visitor = mask & PURPOSE_OF.visitor ? randomId(22) : undefined
  writeGrant({ receipt, policy, purposes: mask, visitor })
  restart()
}

export const withdraw = async (): Promise<void> => {
  const grant = readGrant()
  stop()
  if (grant) await tell('withdraw', policy)
}

/** One request without ids, one cookie. */
export const object = async (): Promise<void> => {
  stop()
  if (isSilent || isObjected()) return
  writeObjection()
  await tell('object', policy)
}

const stop = (): void => {
  turn++
  silence()
  forgetGrant()
}

const tell = (choice: string, policy: number, purposes?: Purpose[], source?: string): Promise<Response> => {
  return request('/v1/consent', JSON.stringify({ site: data.site, policy, choice, purposes, source }))
}
