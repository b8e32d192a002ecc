// Runs autocannon, in this process: it takes more of the machine than wrk, so figures of the two do not compare.

import autocannon from 'autocannon'

export async function runAutocannon({
  port,
  requests,
  seconds,
  connections,
  closing,
  perSecond,
  paceFile,
  counting,
}) {
  if (paceFile)
    throw new Error('autocannon cannot change its pace while it runs: install wrk, or give --offered')
  let sent = 0
  let accepted = 0
  const first = (Math.floor(Date.now() / 1000) % 100_000) * 100_000
  const setupRequest = request => {
    sent++
    const { headers, body } = requests[sent % requests.length]
    return {
      ...request,
      headers: { ...headers, ...(closing && { connection: 'close' }) },
      body: withIds(body, first + sent),
    }
  }
  const onResponse = (_status, body) => {
    accepted += JSON.parse(body).accepted ?? 0
  }
  const result = await autocannon({
    url: `http://127.0.0.1:${port}`,
    connections,
    // With an amount it waits for the last answer.
    ...(counting ? { amount: Math.round(perSecond * seconds) } : { duration: seconds }),
    ...(perSecond && { overallRate: Math.round(perSecond) }),
    ...(closing && { reconnectRate: 1 }),
    timeout: 60,
    requests: [{ method: 'POST', path: '/v1/events', setupRequest, ...(counting && { onResponse }) }],
  })
  return {
    requests: result.requests.total,
    requestsPerSecond: result.requests.total / result.duration,
    failed: result.non2xx + result.errors,
    p50Ms: result.latency.p50,
    p99Ms: result.latency.p99,
    accepted,
  }
}

/** The same ids as in post.lua. */
function withIds(body, number) {
  let page = 0
  return body
    .replace('@BATCH@', () => String(number).padStart(22, '0'))
    .replaceAll('@PAGE@', () => (number * 64 + ++page).toString(16).padStart(11, '0'))
}
