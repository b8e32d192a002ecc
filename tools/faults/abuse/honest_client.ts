// The honest client beside the abuse: batches at a small steady rate, in turn over a connection that is kept and over new
// ones. Each has to be answered 202; how long that took is kept.

import { Agent, request } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { sampleAgent, sampleBatch } from '../../testing/sample_batch.ts'

export type HonestClient = {
  /** Events that were acknowledged so far. */
  events(): number
  /** What was not answered 202, in words. */
  readonly refused: string[]
  /** Latencies in milliseconds since this was last asked, sorted. */
  takeLatencies(): number[]
  stop(): Promise<void>
}

const pauseMs = 15
/** Far above what a quiet machine needs: a bound of liveness, no measurement. */
const patienceMs = 10_000

export function startHonestClient(url: string, site: string, origin: string): HonestClient {
  const kept = new Agent({ keepAlive: true, maxSockets: 1 })
  const refused: string[] = []
  let latencies: number[] = []
  let events = 0
  let isRunning = true
  const running = run()

  async function run(): Promise<void> {
    for (let turn = 0; isRunning; turn++) {
      const batch = sampleBatch(site, origin, 1 + (turn % 5))
      const startMs = performance.now()
      const outcome = await send(JSON.stringify(batch), turn % 2 === 0 ? kept : false).catch(String)
      latencies.push(performance.now() - startMs)
      if (outcome === '202') events += batch.events.length
      else refused.push(outcome)
      await sleep(pauseMs)
    }
  }

  /** The status, as text. A kept connection may be cut while it is idle: the same batch is then sent once more, as browsers do. */
  async function send(body: string, agent: Agent | false): Promise<string> {
    try {
      return await post(body, agent)
    } catch (error) {
      if (agent === false) throw error
      return post(body, false)
    }
  }

  function post(body: string, agent: Agent | false): Promise<string> {
    return new Promise((resolve, reject) => {
      const headers = { 'content-type': 'text/plain', origin, 'user-agent': sampleAgent }
      const outgoing = request(`${url}/v1/events`, { method: 'POST', headers, agent }, incoming => {
        incoming.resume()
        incoming.on('end', () => resolve(String(incoming.statusCode)))
        incoming.on('error', reject)
      })
      outgoing.setTimeout(patienceMs, () => outgoing.destroy(new Error(`no answer in ${patienceMs} ms`)))
      outgoing.on('error', reject)
      outgoing.end(body)
    })
  }

  return {
    events: () => events,
    refused,
    takeLatencies() {
      const taken = latencies.sort((a, b) => a - b)
      latencies = []
      return taken
    },
    async stop() {
      isRunning = false
      await running
      kept.destroy()
    },
  }
}
