// What one acceptor counts. Counting is on every request's way, so it is done in plain numbers, and prom-client gets them
// when the figures are told, once a second. Every label is from a closed list (routes, statuses, reasons, notices), so the
// number of series is bounded and none can carry a person's data. The engine adds the acceptors up for /metrics.

import { Counter, Registry } from 'prom-client'
import { type DropCounts, type DropReason, dropReasons } from '../../contract/drop_reasons.ts'
import { type Notice, receiptRefusals } from '../pipeline/stages.ts'
import { plainHistogram } from './plain_histogram.ts'

export type AcceptorMetrics = {
  readonly registry: Registry
  /** `route` is of route_label.ts. */
  answered(route: string, status: number): void
  ingested(accepted: number, dropped: DropCounts, notices: readonly Notice[]): void
  durable(seconds: number): void
  /** One write made so many records durable. */
  grouped(records: number): void
}

export const noticeList = [
  ...receiptRefusals.map(refusal => `receipt_${refusal}` as const),
  'signals_disagree',
  'no_day_key',
  'no_address',
] as const satisfies readonly Notice[]

const statusesMax = 600

export function createAcceptorMetrics(): AcceptorMetrics {
  const registry = new Registry()
  const registers = [registry]
  const byRoute = new Map<string, Float64Array>()
  const drops = zeros(dropReasons)
  const notices = zeros(noticeList)
  let acceptedEvents = 0

  new Counter({
    name: 'lightfoot_http_requests_total',
    help: 'Requests to the public listener by route and status.',
    labelNames: ['route', 'status'],
    registers,
    collect() {
      this.reset()
      for (const [route, statuses] of byRoute)
        for (const [status, count] of statuses.entries())
          if (count > 0) this.inc({ route, status: status === 0 ? 'other' : status }, count)
    },
  })
  new Counter({
    name: 'lightfoot_events_accepted_total',
    help: 'Events acknowledged after they were durable.',
    registers,
    collect() {
      this.reset()
      this.inc(acceptedEvents)
    },
  })
  new Counter({
    name: 'lightfoot_events_dropped_total',
    help: 'Events dropped, by reason.',
    labelNames: ['reason'],
    registers,
    collect() {
      this.reset()
      for (const [reason, events] of Object.entries(drops)) this.inc({ reason }, events)
    },
  })
  new Counter({
    name: 'lightfoot_notices_total',
    help: 'Batches taken with a remark, such as a receipt that did not hold.',
    labelNames: ['notice'],
    registers,
    collect() {
      this.reset()
      for (const [notice, batches] of Object.entries(notices)) this.inc({ notice }, batches)
    },
  })
  const timeToDurable = plainHistogram(registry, {
    name: 'lightfoot_time_to_durable_seconds',
    help: 'From handing a record to the spool until it is on the disk.',
    buckets: [0.0005, 0.001, 0.002, 0.004, 0.008, 0.016, 0.032, 0.064, 0.128, 0.256, 0.512, 1, 2, 5],
  })
  const groupSize = plainHistogram(registry, {
    name: 'lightfoot_spool_group_records',
    help: 'Records made durable by one write.',
    buckets: [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024],
  })

  return {
    registry,
    answered(route, status) {
      const statuses = byRoute.get(route) ?? new Float64Array(statusesMax)
      byRoute.set(route, statuses)
      const place = status > 0 && status < statusesMax ? status : 0
      statuses[place] = (statuses[place] ?? 0) + 1
    },
    ingested(accepted, dropped, noticed) {
      acceptedEvents += accepted
      for (const [reason, events] of Object.entries(dropped)) drops[reason as DropReason] += events
      for (const notice of noticed) notices[notice]++
    },
    durable: timeToDurable.observe,
    grouped: groupSize.observe,
  }
}

/** Every label from the start, so that the first drop of its kind is a rise and not a new series. */
function zeros<Name extends string>(names: readonly Name[]): Record<Name, number> {
  return Object.fromEntries(names.map(name => [name, 0])) as Record<Name, number>
}
