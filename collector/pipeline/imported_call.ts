// An imported call as a row. Calls were made past the site, so no choice on a page covers them: they are of a class of their own,
// `imported`, whose basis is the controller's own, and hold no more than the exempt cells of the matrix: the minute, one of the
// site's declared numbers, country and area of the caller. Besides anonymise.ts the only place where an Anonymous is made.

import { createHmac } from 'node:crypto'
import type { Site } from '../config/config.ts'
import { expiryOf } from './anonymise/day_context.ts'
import { shardOf } from './batch_keys.ts'
import { emptyBatchCells, emptyMomentCells, emptyPageCells } from './cells.ts'
import { utcDay } from './day.ts'
import { lengthPrefixed } from './length_prefixed.ts'
import { localTime } from './local_time.ts'
import { encodeRows } from './row.ts'
import type { Anonymous } from './stages.ts'

/** What is left of a call once its caller's number is reduced. */
export type ImportedCall = {
  /** Unix milliseconds. */
  readonly at: number
  /** One of the site's own numbers, as the configuration writes it. */
  readonly dialled: string
  readonly country: string
  readonly area: string
  readonly seconds: number
}

const minuteMs = 60_000
const bits = 64

/**
 * The call's name, which stands in the column `page`: the fold counts (site, page, seq) once, so the same line of another import
 * is the same call. `earlier` is how many calls of the same content the list has had before: equal lines are several calls.
 * The caller's number is not in it: there are so few numbers that whoever has the key and the rows would try them all.
 */
export function callName(site: Site, call: ImportedCall, key: Buffer): (earlier: number) => bigint {
  const { area, at, country, dialled, seconds } = call
  const content = lengthPrefixed(site.id, String(at), dialled, String(seconds), country, area)
  const first = createHmac('sha256', key).update(content).digest().readBigUInt64BE(0)
  return earlier => BigInt.asUintN(bits, first + BigInt(earlier) * step)
}

/** An odd number of 64 bits, so that no two of a content's calls have the same name. */
const step = 0x9e3779b97f4a7c15n

/** The site's local day of the call; its row lives as long as an exempt one. */
export function callDay(site: Site, at: number): { day: string; hour: number; expires: string } {
  const { day, hour } = localTime(site.timezone, at)
  return { day, hour, expires: expiryOf(day, site.retention.exemptDays) }
}

/** One line for the spool. */
export function callRow(site: Site, call: ImportedCall, name: bigint, receivedAt: number): string {
  const batch = {
    ...emptyBatchCells,
    site: site.id,
    received: utcDay(receivedAt),
    channel: 'import',
    consent: 'imported',
    policy: site.policy,
    country: call.country,
  }
  const moment = {
    ...emptyMomentCells,
    ...callDay(site, call.at),
    time: `${Math.floor(call.at / minuteMs) * 60}.000`,
    type: 'call' as const,
    page: String(name),
  }
  const cells = { dialled: call.dialled, duration_ms: Math.round(call.seconds * 1000), area: call.area }
  const events = [{ page: emptyPageCells, moment, type: 'call' as const, cells }]
  return encodeRows({ batch, events } as unknown as Anonymous)
}

/** All calls of a site lie on one shard: they have no visitor, and a repeat is found only among the rows of its shard. */
export function shardOfCalls(siteId: string): number {
  return shardOf(siteId, 'calls')
}
