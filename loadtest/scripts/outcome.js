// What came back, counted, and what run.mjs is told at the end.

import { check } from 'k6'
import { Counter } from 'k6/metrics'
import { plan } from './plan.js'

const sent = new Counter('events_sent')
const settled = new Counter('events_settled')
const acknowledged = new Counter('events_acknowledged')
const dropped = new Counter('events_dropped')
const refused = new Counter('requests_refused_as_expected')

/** Before its batch is sent: an answer may never come, and then nobody knows whether the events are stored. */
export function countSent(events) {
  sent.add(events)
}

/** A batch has to be acknowledged. Refused by its own fault it is not stored; after any other answer it may be. */
export function countAnswer(response, events) {
  const isTaken = check(response, { 'answered 202': r => r.status === 202 })
  if (response.status >= 200 && response.status < 500) settled.add(events)
  if (!isTaken) return
  const counts = response.json()
  acknowledged.add(counts.accepted)
  const lost = Object.values(counts.dropped).reduce((sum, count) => sum + count, 0)
  if (lost > 0) dropped.add(lost)
}

/** A bad request has to be refused with just this status. */
export function countRefusal(response, status) {
  if (check(response, { 'refused as it should be': r => r.status === status })) refused.add(1)
}

/** Instead of k6's own summary: what run.mjs needs, in a file. */
export function handleSummary({ metrics }) {
  const count = name => (metrics[name] ? metrics[name].values.count : 0)
  const thresholds = []
  for (const [name, metric] of Object.entries(metrics))
    for (const [rule, { ok }] of Object.entries(metric.thresholds || {})) thresholds.push({ name, rule, ok })
  const summary = {
    requests: count('http_reqs'),
    acknowledged: count('events_acknowledged'),
    dropped: count('events_dropped'),
    inDoubt: count('events_sent') - count('events_settled'),
    refused: count('requests_refused_as_expected'),
    unsent: count('dropped_iterations'),
    durationMs: metrics.http_req_duration.values,
    thresholds,
  }
  return { [plan.summaryFile]: JSON.stringify(summary) }
}
