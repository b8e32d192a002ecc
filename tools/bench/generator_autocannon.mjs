// Runs autocannon, in this process: it takes more of the machine than wrk, so figures of the two do not compare.

import autocannon from 'autocannon'
import { fillHeaders, fillIds, firstNumber } from './request_ids.mjs'

export async function runAutocannon({ port, requests, seconds, connections }) {
  const first = firstNumber()
  let sent = 0
  const setupRequest = request => {
    sent++
    const { headers, body } = requests[sent % requests.length]
    const number = first + sent
    return { ...request, headers: fillHeaders(headers, number), body: fillIds(body, number) }
  }
  const result = await autocannon({
    url: `http://127.0.0.1:${port}`,
    connections,
    duration: seconds,
    timeout: 60,
    requests: [{ method: 'POST', path: '/v1/events', setupRequest }],
  })
  return {
    requests: result.requests.total,
    requestsPerSecond: result.requests.total / result.duration,
    failed: result.non2xx + result.errors,
    p50Ms: result.latency.p50,
    p99Ms: result.latency.p99,
    accepted: 0,
  }
}
