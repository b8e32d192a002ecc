// Traffic as it is: visitors who were not asked, who granted, who objected, whose browser says GPC, robots; compressed bodies;
// and requests that are no good, each of which has to be refused as documented.

import exec from 'k6/execution'
import http from 'k6/http'
import { makeBatch } from './batches.js'
import { countRefusal } from './outcome.js'
import { atRate, common, plan } from './plan.js'
import { pick, pickWeighted } from './random.js'
import { exempt, grantAll, robot, sendVisit, visitorHeaders } from './visitors.js'

export { handleSummary } from './outcome.js'

export const options = {
  ...common,
  scenarios: { mixed: atRate(plan.rate, plan.seconds) },
  thresholds: {
    checks: ['rate==1'],
    // Bad requests say which status they expect, and do not count as failed.
    http_req_failed: ['rate==0'],
    http_req_duration: [`p(99)<${plan.p99Ms}`],
    events_acknowledged: ['count>0'],
  },
}

/** Shares of the good requests, as of the demo's visitors. */
const kinds = [
  [57, params => sendVisit(exempt, {}, params)],
  [35, (params, granted) => sendVisit(pick(granted), {}, params)],
  [4, params => sendVisit({ ...exempt, signal: 'gpc' }, { 'sec-gpc': '1' }, params)],
  [3, params => sendVisit(exempt, { cookie: 'lightfoot_off=1' }, params)],
  [1, params => sendVisit(exempt, { 'user-agent': robot }, params)],
]
/** One in so many is bad, which is what a collector on the internet sees at least. The first, so that a short run has one too. */
const requestsPerBad = 50
const gzipShare = 0.3

const bad = [
  () => sendBad(400, '{"v":1,'),
  () => sendBad(400, JSON.stringify({ v: 1, site: plan.site })),
  () => sendBad(400, JSON.stringify({ ...makeBatch(plan, exempt), v: 2 })),
  () => sendBad(403, JSON.stringify(makeBatch(plan, exempt)), { origin: 'https://elsewhere.example' }),
  () => sendBad(403, JSON.stringify(makeBatch({ ...plan, site: 'no-such-site' }, exempt))),
  () => sendBad(413, ' '.repeat(70_000)),
  () => sendBad(415, '{}', { 'content-type': 'application/x-www-form-urlencoded' }),
  () => sendBad(415, '{}', { 'content-encoding': 'br' }),
  () => sendBad(405, '{}', {}, '/v1/nothing'),
]

function sendBad(status, body, headers = {}, path = '/v1/events') {
  const response = http.post(plan.collector + path, body, {
    headers: { ...visitorHeaders(), ...headers },
    responseCallback: http.expectedStatuses(status),
  })
  countRefusal(response, status)
}

export function setup() {
  return grantAll()
}

export default function request(granted) {
  const isBad = exec.scenario.iterationInTest % requestsPerBad === 0
  const send = isBad ? pick(bad) : pickWeighted(kinds)
  send(Math.random() < gzipShare ? { compression: 'gzip' } : {}, granted)
}
