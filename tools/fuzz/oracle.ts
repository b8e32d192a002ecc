// What has to be answered to a body that is sent to POST /v1/events with good headers. The verdict on a batch is the
// published JSON Schema's and the cross-rules', not only the validator's own.

import { limits } from '../../contract/limits.ts'
import { agreedVerdict } from '../testing/judge_batch.ts'
import type { Wanted } from './request.ts'
import { siteIds } from './sites.ts'

export const taken = 202

export function wantedOfBody(body: Buffer): Wanted {
  if (body.length > limits.bodyBytesMax) return { statuses: [413] }
  let value: unknown
  try {
    value = JSON.parse(body.toString('utf8'))
  } catch {
    return { statuses: [400] }
  }
  return wantedOfValue(value)
}

/** As JSON.parse gave it. */
function wantedOfValue(value: unknown): Wanted {
  const events = eventsOf(value)
  if (events > limits.eventsMax) return { statuses: [413] }
  if (agreedVerdict(value) !== 'valid') return { statuses: [400] }
  const { site } = value as { site: string }
  return siteIds.includes(site) ? { statuses: [taken], events } : { statuses: [403] }
}

function eventsOf(value: unknown): number {
  if (typeof value !== 'object' || value === null || !('events' in value)) return 0
  return Array.isArray(value.events) ? value.events.length : 0
}
