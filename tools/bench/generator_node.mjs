// Plain node:http, where there is no wrk, for what autocannon cannot do: it forgets an answer after which it connects anew,
// and it sends each second's share at once.

import { readFileSync } from 'node:fs'
import { Agent, request } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { fillHeaders, fillIds, firstNumber } from './request_ids.mjs'
import { quantile } from './statistics.mjs'

/** How often a pace that changes is read. */
const paceMs = 500

export async function runNode({ port, requests, seconds, connections, closing, perSecond, paceFile }) {
  const agent = new Agent({ keepAlive: !closing, maxSockets: connections })
  const found = { took: [], failed: 0, accepted: 0 }
  const first = firstNumber()
  const endsAt = performance.now() + seconds * 1000
  let pace = perSecond
  let sent = 0

  async function connection() {
    let due = performance.now()
    for (;;) {
      // An answer that is late delays no request's due time, so its wait counts too.
      if (pace) due += ((-Math.log(1 - Math.random()) * connections) / pace) * 1000
      else due = performance.now()
      const early = due - performance.now()
      if (early > 0) await sleep(early)
      if (due >= endsAt) return
      sent++
      const { headers, body } = requests[sent % requests.length]
      const number = first + sent
      await post({ port, agent, headers: fillHeaders(headers, number), body: fillIds(body, number) }, found)
      found.took.push(performance.now() - due)
    }
  }

  const readPace = () => {
    pace = Number(readFileSync(paceFile, 'utf8')) || pace
  }
  if (paceFile) readPace()
  const reading = paceFile && setInterval(readPace, paceMs)
  await Promise.all(Array.from({ length: connections }, connection))
  clearInterval(reading)
  agent.destroy()
  return {
    requests: found.took.length,
    requestsPerSecond: found.took.length / seconds,
    failed: found.failed,
    p50Ms: quantile(found.took, 0.5),
    p99Ms: quantile(found.took, 0.99),
    accepted: found.accepted,
  }
}

function post({ port, agent, headers, body }, found) {
  const all = { ...headers, 'content-length': Buffer.byteLength(body) }
  return new Promise(resolve => {
    const fail = () => {
      found.failed++
      resolve()
    }
    const sending = request({
      port,
      host: '127.0.0.1',
      path: '/v1/events',
      method: 'POST',
      agent,
      headers: all,
    })
    sending.once('error', fail)
    sending.once('response', answer => {
      let text = ''
      answer.on('data', chunk => {
        text += chunk
      })
      answer.once('error', fail)
      answer.once('end', () => {
        if (answer.statusCode === 202) found.accepted += JSON.parse(text).accepted
        else found.failed++
        resolve()
      })
    })
    sending.end(body)
  })
}
