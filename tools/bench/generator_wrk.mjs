// Runs wrk with post.lua, which is given whole requests and fills in the ids.

import { spawn } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { makeFolder, removeFolder } from './folders.mjs'
import { fillIds } from './request_ids.mjs'

/** Answers that are still on their way when no more is sent. */
const restSeconds = 3

export async function runWrk({
  port,
  requests,
  seconds,
  connections,
  closing,
  perSecond,
  paceFile,
  counting,
}) {
  const folder = makeFolder()
  const file = path.join(folder, 'requests')
  const pace = paceFile ?? (perSecond && path.join(folder, 'pace'))
  writeFileSync(file, requests.map(request => wholeRequest(request, port, closing)).join('\x1e'))
  if (pace && !paceFile) writeFileSync(pace, String(perSecond))
  const env = {
    ...process.env,
    BENCH_REQUESTS: file,
    ...(pace && { BENCH_PACE: pace, BENCH_CONNECTIONS: String(connections) }),
    ...(counting && { BENCH_STOP: String(Math.floor(Date.now() / 1000) + seconds) }),
  }
  try {
    const runs = counting ? seconds + restSeconds : seconds
    const { requests: count, seconds: took, ...rest } = await wrk({ port, connections, seconds: runs, env })
    return { requests: count, requestsPerSecond: count / (counting ? seconds : took), ...rest }
  } finally {
    removeFolder(folder)
  }
}

function wrk({ port, connections, seconds, env }) {
  const script = path.join(import.meta.dirname, 'post.lua')
  const url = `http://127.0.0.1:${port}`
  const parameters = ['-t1', `-c${connections}`, `-d${seconds}s`, '--timeout', '60s', '-s', script, url]
  return new Promise((resolve, reject) => {
    const child = spawn('wrk', parameters, { env, stdio: ['ignore', 'pipe', 'inherit'] })
    let output = ''
    child.stdout.on('data', chunk => {
      output += chunk
    })
    child.on('close', () => {
      const found = /^JSON (.*)$/m.exec(output)
      if (found) resolve(JSON.parse(found[1]))
      else reject(new Error(`wrk ended without a summary:\n${output}`))
    })
  })
}

const slots = { '@BATCH@': '\x01', '@PAGE@': '\x02', '@V4@': '\x03', '@V6@': '\x04' }

/** The bytes of a request with what post.lua fills in. */
function wholeRequest({ headers, body }, port, closing) {
  // Every id is as long as any other.
  const length = Buffer.byteLength(fillIds(body, 0))
  const all = {
    host: `127.0.0.1:${port}`,
    ...headers,
    ...(closing && { connection: 'close' }),
    'content-length': length,
  }
  const head = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`)
  const text = `POST /v1/events HTTP/1.1\r\n${head.join('')}\r\n${body}`
  return text.replaceAll(/@(?:BATCH|PAGE|V4|V6)@/g, slot => slots[slot])
}
