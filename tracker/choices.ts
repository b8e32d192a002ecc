// `lightfoot.consent`: a page's banner says here what its visitor chose. A withdrawal and an objection stop everything
// before the collector is told, so they need nothing that would have to be loaded; recording a grant is a file of its own.

import type { Choice, Status } from './api.ts'
import { request, silence } from './delivery.ts'
import { consent, granted, isRefused } from './gate.ts'
import { guard } from './guard.ts'
import type { LoadPart } from './parts.ts'
import { data, isSilent, policy } from './settings.ts'
import { forgetGrant, isObjected, readGrant, writeObjection } from './storage.ts'

/** A choice that is still under way counts only while no other was made. */
let turn = 0

export const status = guard((): Status => {
  const level = consent?.level ?? (isObjected() ? 'objected' : 'none')
  return { level, purposes: PURPOSES.filter((_, bit) => granted(1 << bit)), policy }
})

export const choose =
  (load: LoadPart, restart: () => void) =>
  async (choice: Choice): Promise<void> => {
    const mine = ++turn
    const { set } = await load('consent')
    const isLatest = () => mine === turn
    await set(
      { site: data.site as string, policy, request, readGrant, isRefused, withdraw, isLatest, restart },
      choice,
    )
  }

export const withdraw = async (): Promise<void> => {
  const grant = readGrant()
  stop()
  if (grant) await tell('withdraw')
}

/** One request without ids, one cookie. */
export const object = async (): Promise<void> => {
  stop()
  if (isSilent || isObjected()) return
  writeObjection()
  await tell('object')
}

const stop = (): void => {
  turn++
  silence()
  forgetGrant()
}

const tell = (choice: string): Promise<Response> => {
  return request('/v1/consent', JSON.stringify({ site: data.site, policy, choice }))
}
