// The load generator: wrk where it is installed, else autocannon. Both send the same batches with ids of their own, so
// that a collector that recognises repeats cannot profit from them.
import { spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import autocannon from 'autocannon'

const agent =
  'Mozilla/5.0 (X11; Linux x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36'
const connections = 64

export const generatorName = spawnSync('wrk', ['--version']).error ? 'autocannon' : 'wrk'

/** A batch of `events` events in exempt mode; @BATCH@ and @PAGE@ are replaced by ids in each request. */
export function batchTemplate(site, origin, events) {
  const engagement = seq => ({
    type: 'engagement',
    page: 0,
    seq,
    at: 100 + seq,
    activeMs: 5000,
    visibleMs: 5000,
  })
  const pageview = {
    type: 'pageview',
    page: 0,
    seq: 0,
    at: 100,
    navigation: 'navigate',
    arrival: 'unknown',
    status: 200,
  }
  return JSON.stringify({
    v: 1,
    site,
    batch: '@BATCH@',
    sent: 1000,
    consent: { level: 'exempt', purposes: 0, policy: 1, signal: 'default' },
    device: { screen: [1920, 1080], viewport: [1280, 720], language: 'en-GB' },
    pages: [{ id: '@PAGE@', url: `${origin}/demo/catalogue/?page=2` }],
    events: Array.from({ length: events }, (_, seq) => (seq === 0 ? pageview : engagement(seq))),
  })
}

/** @returns {Promise<{requestsPerSecond: number, failed: number, p50Ms: number, p99Ms: number}>} */
export async function generate({ port, body, origin, seconds }) {
  return generatorName === 'wrk'
    ? runWrk({ port, body, origin, seconds })
    : runAutocannon({ port, body, origin, seconds })
}

function runWrk({ port, body, origin, seconds }) {
  const bodyFile = path.join(mkdtempSync(path.join(tmpdir(), 'lightfoot-bench-')), 'body.json')
  writeFileSync(bodyFile, body)
  const env = { ...process.env, BENCH_BODY: bodyFile, BENCH_ORIGIN: origin, BENCH_AGENT: agent }
  const script = path.join(import.meta.dirname, 'wrk_post.lua')
  const parameters = ['-t1', `-c${connections}`, `-d${seconds}s`, '-s', script, `http://127.0.0.1:${port}`]
  return new Promise((resolve, reject) => {
    const wrk = spawn('wrk', parameters, { env, stdio: ['ignore', 'pipe', 'inherit'] })
    let output = ''
    wrk.stdout.on('data', chunk => {
      output += chunk
    })
    wrk.on('close', () => {
      const found = /^JSON (.*)$/m.exec(output)
      if (!found) return reject(new Error(`wrk ended without a summary:\n${output}`))
      const { requests, seconds: took, ...rest } = JSON.parse(found[1])
      resolve({ requestsPerSecond: requests / took, ...rest })
    })
  })
}

async function runAutocannon({ port, body, origin, seconds }) {
  let count = Date.now() * 1000
  const [before, rest] = body.split('@BATCH@')
  const [middle, after] = rest.split('@PAGE@')
  const setupRequest = request => {
    count += 1
    const id = String(count)
    return {
      ...request,
      body: `${before}${id.padStart(22, '0')}${middle}${id.slice(-11).padStart(11, '0')}${after}`,
    }
  }
  const result = await autocannon({
    url: `http://127.0.0.1:${port}`,
    connections,
    duration: seconds,
    requests: [
      {
        method: 'POST',
        path: '/v1/events',
        headers: { 'content-type': 'text/plain;charset=UTF-8', origin, 'user-agent': agent },
        setupRequest,
      },
    ],
  })
  return {
    requestsPerSecond: result.requests.total / result.duration,
    failed: result.non2xx + result.errors,
    p50Ms: result.latency.p50,
    p99Ms: result.latency.p99,
  }
}
