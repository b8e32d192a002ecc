// The whole product while it folds the day on request: how long requests and reports take, beside the same load before.

import { spawn } from 'node:child_process'
import { createServer } from 'node:net'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { generate } from './generator.mjs'
import { plainRequests } from './requests.mjs'

/** A load that leaves half of a small machine idle. */
const perSecond = 500
const eventsPerRequest = 10
const seconds = 8

/** `directory` holds the rows, already folded. */
export async function foldBeside({ root, directory, day }) {
  const [port, adminPort] = [await freePort(), await freePort()]
  const env = {
    ...process.env,
    LIGHTFOOT_DATA: directory,
    // The demo alone, whatever configuration lies about.
    LIGHTFOOT_CONFIG: path.join(directory, 'none.json'),
    LIGHTFOOT_HOST: '127.0.0.1',
    LIGHTFOOT_PORT: String(port),
    LIGHTFOOT_ADMIN_PORT: String(adminPort),
    LIGHTFOOT_WORKERS: '1',
  }
  const main = path.join(root, 'dist/collector/main.js')
  const product = spawn(process.execPath, [main, 'serve', '--demo'], { env, stdio: 'ignore' })
  const ended = new Promise(resolve => product.once('exit', resolve))
  const admin = `http://127.0.0.1:${adminPort}`
  try {
    await untilReady(product, `http://127.0.0.1:${port}`, admin)
    const load = { port, requests: plainRequests(port, eventsPerRequest), seconds, perSecond }
    await generate({ ...load, seconds: 2 })
    const before = await generate(load)
    const folding = fold(admin, day)
    const reports = askReports(admin, seconds)
    const meanwhile = await generate(load)
    const reportMs = await reports
    const foldSeconds = await folding
    return {
      foldSeconds,
      failed: before.failed + meanwhile.failed,
      p99MsBefore: before.p99Ms,
      p99Ms: meanwhile.p99Ms,
      p50MsBefore: before.p50Ms,
      p50Ms: meanwhile.p50Ms,
      reportP50Ms: reportMs[Math.floor(reportMs.length / 2)],
      reportMaxMs: reportMs.at(-1),
    }
  } finally {
    product.kill('SIGTERM')
    await ended
  }
}

async function fold(admin, day) {
  const startedAt = performance.now()
  const response = await fetch(`${admin}/api/fold`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ from: day, to: day }),
  })
  const text = await response.text()
  if (!text.includes('"finished":true')) throw new Error('the product did not fold')
  return (performance.now() - startedAt) / 1000
}

/** Sorted. */
async function askReports(admin, forSeconds) {
  const taken = []
  for (const endAt = performance.now() + forSeconds * 1000; performance.now() < endAt; await sleep(100)) {
    const askedAt = performance.now()
    const response = await fetch(`${admin}/api/reports/pages?site=demo`)
    await response.arrayBuffer()
    if (!response.ok) throw new Error(`a report answered ${response.status}`)
    taken.push(performance.now() - askedAt)
  }
  return taken.sort((a, b) => a - b)
}

async function untilReady(product, ...urls) {
  for (let tries = 0; tries < 300; tries++) {
    const answers = await Promise.all(urls.map(url => fetch(`${url}/readyz`).catch(() => undefined)))
    if (answers.every(answer => answer?.ok)) return
    if (product.exitCode !== null) break
    await sleep(200)
  }
  throw new Error('the product did not start')
}

async function freePort() {
  const server = createServer()
  await new Promise(resolve => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address()
  await new Promise(resolve => server.close(resolve))
  return port
}
