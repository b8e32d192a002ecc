// What one acceptor counts. Every label is from a closed list (routes, statuses, reasons, notices), so the number of
// series is bounded and none can carry a person's data. The engine adds the acceptors up for /metrics.

import { Counter, Histogram, Registry } from 'prom-client'
import type { DropCounts } from '../../contract/drop_reasons.ts'
import type { Notice } from '../pipeline/stages.ts'

export type AcceptorMetrics = {
  readonly registry: Registry
  answered(route: string, status: number): void
  ingested(accepted: number, dropped: DropCounts, notices: readonly Notice[]): void
  durable(seconds: number): void
}

export function createAcceptorMetrics(): AcceptorMetrics {
  const registry = new Registry()
  const registers = [registry]
  const requests = new Counter({
    name: 'lightfoot_http_requests_total',
    help: 'Requests to the public listener by route and status.',
    labelNames: ['route', 'status'],
    registers,
  })
  const acceptedEvents = new Counter({
    name: 'lightfoot_events_accepted_total',
    help: 'Events acknowledged after they were durable.',
    registers,
  })
  const droppedEvents = new Counter({
    name: 'lightfoot_events_dropped_total',
    help: 'Events dropped, by reason.',
    labelNames: ['reason'],
    registers,
  })
  const notices = new Counter({
    name: 'lightfoot_notices_total',
    help: 'Batches taken with a remark, such as a receipt that did not hold.',
    labelNames: ['notice'],
    registers,
  })
  const timeToDurable = new Histogram({
    name: 'lightfoot_time_to_durable_seconds',
    help: 'From handing a record to the spool to the end of its fdatasync.',
    buckets: [0.0005, 0.001, 0.002, 0.004, 0.008, 0.016, 0.032, 0.064, 0.128, 0.256, 0.512, 1, 2, 5],
    registers,
  })
  return {
    registry,
    answered: (route, status) => requests.inc({ route, status }),
    ingested(accepted, dropped, noticed) {
      acceptedEvents.inc(accepted)
      for (const [reason, events] of Object.entries(dropped)) droppedEvents.inc({ reason }, events)
      for (const notice of noticed) notices.inc({ notice })
    },
    durable: seconds => timeToDurable.observe(seconds),
  }
}
