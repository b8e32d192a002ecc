#!/usr/bin/env node
// `npm run bench`: requests a second of Lightfoot, whole product with one acceptor and durable, beside two floors in the
// same run: a bare node:http server and plain Express 5. Rounds are interleaved and medians compared, since a shared
// machine is noisy; the ratios mean more than the figures. Appends a line to docs/figures.ndjson.
import { execFileSync, spawn } from 'node:child_process'
import { appendFileSync, mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { availableParallelism, tmpdir, totalmem } from 'node:os'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { batchTemplate, generate, generatorName } from './bench/generator.mjs'

const root = path.join(import.meta.dirname, '..')
const { values: options } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    seconds: { type: 'string', default: '4' },
    'no-record': { type: 'boolean', default: false },
  },
})
const rounds = Number(options.rounds)
const seconds = Number(options.seconds)
const children = []

async function freePort() {
  const server = createServer()
  await new Promise(resolve => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address()
  await new Promise(resolve => server.close(resolve))
  return port
}

function start(file, parameters, env) {
  const child = spawn(process.execPath, [path.join(root, file), ...parameters], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  children.push(child)
  return child
}

function startFloor(file) {
  const child = start(file, [], {})
  return new Promise(resolve => child.stdout.once('data', chunk => resolve(Number(chunk))))
}

async function startLightfoot(dataDirectory) {
  const port = await freePort()
  const adminPort = await freePort()
  start('dist/collector/main.js', ['serve', '--demo'], {
    LIGHTFOOT_DATA: dataDirectory,
    // The demo alone, whatever configuration lies about.
    LIGHTFOOT_CONFIG: path.join(dataDirectory, 'none.json'),
    LIGHTFOOT_PORT: String(port),
    LIGHTFOOT_ADMIN_PORT: String(adminPort),
    LIGHTFOOT_WORKERS: '1',
  })
  for (let tries = 0; tries < 150; tries++) {
    const ready = await fetch(`http://127.0.0.1:${port}/readyz`).catch(() => undefined)
    if (ready?.ok) return { port, adminPort }
    await new Promise(resolve => setTimeout(resolve, 200))
  }
  throw new Error('the collector did not become ready within 30 s')
}

function median(values) {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
}

function summarise(samples) {
  const rates = samples.map(sample => sample.requestsPerSecond)
  return {
    requestsPerSecond: Math.round(median(rates)),
    spread: `${Math.round(Math.min(...rates))}–${Math.round(Math.max(...rates))}`,
    p50Ms: median(samples.map(sample => sample.p50Ms)),
    p99Ms: median(samples.map(sample => sample.p99Ms)),
    failed: samples.reduce((sum, sample) => sum + sample.failed, 0),
  }
}

/** One line that is written over, on a terminal only. */
function showProgress(text) {
  if (process.stderr.isTTY) process.stderr.write(`\r${text.padEnd(60)}\r`)
}

async function measure(dataDirectory) {
  const bare = await startFloor('tools/bench/floor_bare.mjs')
  const plainExpress = await startFloor('tools/bench/floor_express.mjs')
  const lightfoot = await startLightfoot(dataDirectory)
  const origin = `http://127.0.0.1:${lightfoot.port}`
  const runs = [
    { name: 'bare node:http', port: bare, events: 1 },
    { name: 'Express 5', port: plainExpress, events: 1 },
    { name: 'Lightfoot, 1 event', port: lightfoot.port, events: 1 },
    { name: 'Lightfoot, 10 events', port: lightfoot.port, events: 10 },
    { name: 'Lightfoot, 50 events', port: lightfoot.port, events: 50 },
  ]
  const samples = new Map(runs.map(run => [run.name, []]))
  for (let round = 0; round <= rounds; round++) {
    for (const run of runs) {
      const body = batchTemplate('demo', origin, run.events)
      const sample = await generate({ port: run.port, body, origin, seconds: round === 0 ? 1 : seconds })
      // Round 0 warms up caches and compilers and is not counted.
      if (round > 0) samples.get(run.name).push(sample)
      showProgress(`round ${round}/${rounds}  ${run.name}`)
    }
  }
  showProgress('')
  return runs.map(run => ({ ...run, ...summarise(samples.get(run.name)) }))
}

function print(results, floor) {
  console.log(
    `generator ${generatorName}, ${rounds} rounds of ${seconds} s, medians; 64 connections, one acceptor`,
  )
  console.table(
    results.map(result => ({
      run: result.name,
      'requests/s': result.requestsPerSecond,
      'lowest–highest': result.spread,
      'events/s': result.requestsPerSecond * result.events,
      'events/s ÷ bare requests/s': Number(((result.requestsPerSecond * result.events) / floor).toFixed(2)),
      'p50 ms': Number(result.p50Ms.toFixed(1)),
      'p99 ms': Number(result.p99Ms.toFixed(1)),
      failed: result.failed,
    })),
  )
}

function record(results, floor) {
  const commit = execFileSync('git', ['rev-parse', '--short', 'HEAD'], { cwd: root, encoding: 'utf8' }).trim()
  const line = {
    date: new Date().toISOString().slice(0, 10),
    commit,
    cores: availableParallelism(),
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    node: process.version,
    generator: generatorName,
    rounds,
    seconds,
    results: results.map(({ name, events, requestsPerSecond, spread, p50Ms, p99Ms, failed }) => ({
      name,
      requestsPerSecond,
      spread,
      ratio: Number(((requestsPerSecond * events) / floor).toFixed(3)),
      p50Ms: Number(p50Ms.toFixed(2)),
      p99Ms: Number(p99Ms.toFixed(2)),
      failed,
    })),
  }
  appendFileSync(path.join(root, 'docs/figures.ndjson'), `${JSON.stringify(line)}\n`)
}

/** The floors have nothing to finish; Lightfoot commits and hands over before its data directory is removed. */
function stopAll() {
  return Promise.all(
    children.map(child => {
      const exited = new Promise(resolve => child.once('exit', resolve))
      if (child.exitCode !== null || !child.kill('SIGTERM')) return undefined
      return exited
    }),
  )
}

const dataDirectory = mkdtempSync(path.join(tmpdir(), 'lightfoot-bench-'))
try {
  const results = await measure(dataDirectory)
  const floor = results[0].requestsPerSecond
  print(results, floor)
  if (!options['no-record']) record(results, floor)
  if (results.some(result => result.failed > 0))
    throw new Error('some requests failed: the figures do not count')
} catch (error) {
  console.error(`bench: ${error.message}`)
  process.exitCode = 1
} finally {
  await stopAll()
  rmSync(dataDirectory, { recursive: true, force: true })
}
