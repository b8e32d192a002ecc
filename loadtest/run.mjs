#!/usr/bin/env node
// `npm run loadtest -- smoke`: runs a k6 script against a running collector, then compares what k6 saw acknowledged with
// what the reports count. Loopback only, unless --allow-remote says that the collector is yours.
import { spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { parseArgs } from 'node:util'

const help = `Usage: npm run loadtest -- smoke [options]

  --url URL        public listener of the collector      (default http://127.0.0.1:8080)
  --admin URL      private listener, for the reports     (default http://127.0.0.1:8081)
  --site ID        site to send for                      (default demo)
  --origin ORIGIN  an origin of that site                (default: the collector's own)
  --duration D     for example 10s, 2m                   (default 10s)
  --vus N          virtual users                         (default 8)
  --allow-remote   send load to a host that is not loopback: only to your own

Start a collector first, for example: npm start`

const scripts = ['smoke']
const waitForReportsMs = 60_000

/** One clear line on standard error; 2 is a usage error. */
function fail(message, status = 1) {
  console.error(`loadtest: ${message}`)
  process.exit(status)
}

function readOptions() {
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: {
        url: { type: 'string', default: 'http://127.0.0.1:8080' },
        admin: { type: 'string', default: 'http://127.0.0.1:8081' },
        site: { type: 'string', default: 'demo' },
        origin: { type: 'string' },
        duration: { type: 'string', default: '10s' },
        vus: { type: 'string', default: '8' },
        'allow-remote': { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    })
    return { ...values, script: positionals[0] }
  } catch (error) {
    return fail(`${error.message.split('. ')[0]}; see npm run loadtest -- --help`, 2)
  }
}

/** @returns {Promise<any>} an answer of the private listener */
async function askAdmin(admin, path) {
  const token = process.env.LIGHTFOOT_ADMIN_TOKEN
  const response = await fetch(admin + path, { headers: token ? { authorization: `Bearer ${token}` } : {} })
  if (!response.ok) fail(`${admin} answered ${response.status} to ${path.split('?')[0]}`)
  return response.json()
}

/** Events of before the run must not be counted as the run's: waits until all that was taken is loaded and folded. */
async function waitUntilQuiet({ admin }) {
  const deadline = Date.now() + waitForReportsMs
  for (let quiet = 0; quiet < 3 && Date.now() < deadline; ) {
    const { spool, load, fold } = await askAdmin(admin, '/api/status')
    const isQuiet =
      spool.bytes === 0 && load?.state === 'idle' && fold?.dirtyDays.length === 0 && !fold.folding
    quiet = isQuiet ? quiet + 1 : 0
    await new Promise(resolve => setTimeout(resolve, 300))
  }
}

/** All events that the totals report counts for the site, whatever their type, from three days ago until tomorrow. */
async function countReported({ admin, site }) {
  const day = offset => new Date(Date.now() + offset * 86_400_000).toISOString().slice(0, 10)
  const query = new URLSearchParams({ site, from: day(-4), to: day(1), format: 'json' })
  const report = await askAdmin(admin, `/api/reports/totals?${query}`)
  return report.rows.reduce((sum, row) => sum + Number(row.events), 0)
}

/** Waits until the reports count what was acknowledged, or until they have not changed for too long. */
async function waitForReported(options, wanted) {
  const deadline = Date.now() + waitForReportsMs
  let reported = await countReported(options)
  while (reported < wanted && Date.now() < deadline) {
    await new Promise(resolve => setTimeout(resolve, 500))
    reported = await countReported(options)
  }
  return reported
}

function runK6(options, summaryFile) {
  const env = {
    ...process.env,
    COLLECTOR: options.url,
    ORIGIN: options.origin ?? new URL(options.url).origin,
    SITE: options.site,
    DURATION: options.duration,
    VUS: options.vus,
    SUMMARY: summaryFile,
    K6_NO_USAGE_REPORT: 'true',
  }
  const script = path.join(import.meta.dirname, `${options.script}.js`)
  return new Promise(resolve => {
    const k6 = spawn('k6', ['run', '--quiet', script], { env, stdio: ['ignore', 'inherit', 'inherit'] })
    k6.on('close', resolve)
  })
}

async function main() {
  const options = readOptions()
  if (options.help) return console.log(help)
  if (!scripts.includes(options.script)) fail(`say which run: ${scripts.join(', ')}; see --help`, 2)
  const { hostname } = new URL(options.url)
  const isLoopback = ['localhost', '[::1]'].includes(hostname) || hostname.startsWith('127.')
  if (!isLoopback && !options['allow-remote'])
    fail(`${hostname} is not loopback; add --allow-remote if it is yours`, 2)
  if (spawnSync('k6', ['version']).error)
    fail('k6 is not on the PATH: `go install go.k6.io/k6@latest` builds it into $(go env GOPATH)/bin')
  await waitUntilQuiet(options).catch(() =>
    fail(`no collector answers at ${options.admin}; start one: npm start`),
  )
  const before = await countReported(options)

  const directory = mkdtempSync(path.join(tmpdir(), 'lightfoot-loadtest-'))
  const summaryFile = path.join(directory, 'summary.json')
  const status = await runK6(options, summaryFile)
  const summary = JSON.parse(readFileSync(summaryFile, 'utf8'))
  rmSync(directory, { recursive: true, force: true })

  const reported = (await waitForReported(options, before + summary.acknowledged)) - before
  console.log(
    `requests ${summary.requests}, median ${summary.medianMs.toFixed(1)} ms, p95 ${summary.p95Ms.toFixed(1)} ms, longest ${summary.maxMs.toFixed(1)} ms`,
  )
  console.log(`events acknowledged ${summary.acknowledged}, dropped ${summary.dropped}, reported ${reported}`)
  if (status !== 0 || !summary.thresholdsMet) fail('a threshold was not met')
  if (reported !== summary.acknowledged) fail('the reports do not count what was acknowledged')
  console.log('acknowledged = reported')
}

await main()
