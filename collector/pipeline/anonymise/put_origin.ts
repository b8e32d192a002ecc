// Which site, by which way, when received, and under which consent: what later reads are bound to.

import type { BatchCells } from '../cells.ts'
import { localTime } from '../local_time.ts'
import type { Context, Draft } from './context.ts'

export function putOrigin(cells: Draft<BatchCells>, { permitted }: Context): void {
  const { channel, level, purposes, receivedAt, site } = permitted
  cells.site = site.id
  cells.channel = channel
  cells.received = localTime('UTC', receivedAt).day
  cells.consent = level
  cells.purposes = purposes
  // Of the site, not of the page: it is the policy that this gate enforced.
  cells.policy = site.policy
}
