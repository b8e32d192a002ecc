// k6: a short, mixed run against a collector. Every virtual user is a visitor who opens pages of the demo site. The run
// fails when a request is not acknowledged; run.mjs then compares what was acknowledged with what the reports count.
import { check } from 'k6'
import exec from 'k6/execution'
import http from 'k6/http'
import { Counter } from 'k6/metrics'
import { makeBatch } from './batch.js'

const acknowledged = new Counter('events_acknowledged')
const dropped = new Counter('events_dropped')

export const options = {
  vus: Number(__ENV.VUS || 8),
  duration: __ENV.DURATION || '10s',
  discardResponseBodies: false,
  thresholds: {
    checks: ['rate==1'],
    http_req_failed: ['rate==0'],
    http_req_duration: ['p(99)<1000'],
    events_acknowledged: ['count>0'],
  },
}

const url = __ENV.COLLECTOR
const agents = [
  'Mozilla/5.0 (X11; Linux x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36',
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1',
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:143.0) Gecko/20100101 Firefox/143.0',
]

export default function visit() {
  const visitor = exec.vu.idInTest
  const batch = makeBatch({
    site: __ENV.SITE,
    origin: __ENV.ORIGIN,
    events: 1 + Math.floor(Math.random() * 20),
    policy: Number(__ENV.POLICY || 1),
  })
  const response = http.post(`${url}/v1/events`, JSON.stringify(batch), {
    headers: {
      'content-type': 'text/plain;charset=UTF-8',
      origin: __ENV.ORIGIN,
      'user-agent': agents[visitor % agents.length],
      // Believed only where the collector trusts loopback as a proxy, as the demo does. 198.51.100.0/24 is for documentation.
      'x-forwarded-for': `198.51.100.${visitor % 250}`,
    },
  })
  const counts = response.status === 202 ? response.json() : { accepted: 0, dropped: {} }
  check(response, { 'answered 202': r => r.status === 202 })
  acknowledged.add(counts.accepted)
  dropped.add(Object.values(counts.dropped).reduce((sum, count) => sum + count, 0))
}

/** k6's own summary as text, and the counts for run.mjs. */
export function handleSummary(data) {
  const counter = name => data.metrics[name]?.values.count ?? 0
  const duration = data.metrics.http_req_duration.values
  const summary = {
    requests: counter('http_reqs'),
    acknowledged: counter('events_acknowledged'),
    dropped: counter('events_dropped'),
    failedRate: data.metrics.http_req_failed.values.rate,
    medianMs: duration.med,
    p95Ms: duration['p(95)'],
    maxMs: duration.max,
    thresholdsMet: Object.values(data.metrics).every(metric =>
      Object.values(metric.thresholds ?? {}).every(threshold => threshold.ok),
    ),
  }
  return { [__ENV.SUMMARY]: JSON.stringify(summary) }
}
