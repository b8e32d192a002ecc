#!/usr/bin/env node
// `npm run loadtest -- SCRIPT`: runs a k6 script against a running collector, watches the collector meanwhile, compares what
// k6 saw acknowledged with what the reports count, and writes a summary as text and as a page with charts.

import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import path from 'node:path'
import { isOver } from './runner/analyse.mjs'
import { mayRun } from './runner/ask.mjs'
import { connect } from './runner/collector.mjs'
import { judge, judgeSteps } from './runner/judge.mjs'
import { help, readOptions, UsageError } from './runner/options.mjs'
import { makePlan } from './runner/plans.mjs'
import { reportHtml } from './runner/report_html.mjs'
import { reportText } from './runner/report_text.mjs'
import { runK6 } from './runner/run_k6.mjs'
import { startSampling } from './runner/sample.mjs'

const results = path.join(import.meta.dirname, 'results')

/** One clear line on standard error; 2 is a usage error. */
function fail(message, status = 1) {
  console.error(`loadtest: ${message}`)
  process.exit(status)
}

/** The one that the option names, that of the collector itself, or the first without a `*`. */
async function findOrigin(collector, options) {
  const sites = await collector.sites()
  const site = sites.find(({ id }) => id === options.site)
  if (!site)
    throw new Error(`there is no site ${options.site}; there are: ${sites.map(({ id }) => id).join(', ')}`)
  const own = new URL(options.url).origin
  const origin =
    options.origin ??
    site.origins.find(known => known === own) ??
    site.origins.find(known => !known.includes('*'))
  if (origin === undefined)
    throw new Error(`the site ${site.id} has no origin without a *; name one with --origin`)
  return origin
}

/** All of a run: what was planned, what k6 saw, what the collector said meanwhile and in the end. */
async function run(options, { plan, seconds }) {
  const collector = connect(options)
  await collector.untilQuiet().catch(error => {
    if (!(error instanceof TypeError)) throw error
    throw new Error(`no collector answers at ${options.admin}; start one: npm start`)
  })
  const origin = await findOrigin(collector, options)
  const before = await collector.countReported()
  const directory = mkdtempSync(path.join(tmpdir(), 'lightfoot-loadtest-'))
  const { script, url, site, policy, p99Ms, growthShare } = options
  const folder = site === 'demo' ? '/demo/' : '/loadtest/'
  const whole = { ...plan, collector: url, site, policy, origin, folder }
  const k6Run = { script, seconds, plan: whole, summaryFile: path.join(directory, 'summary.json') }
  const started = Date.now()
  let stopSampling = async () => []
  const onStart = pid => {
    stopSampling = startSampling(collector, pid)
  }
  const isEnough = figures => script === 'ramp' && isOver(stepsDone(figures, plan, p99Ms))
  try {
    const { figures, summary } = await runK6(k6Run, onStart, isEnough)
    const elapsedSeconds = (Date.now() - started) / 1000
    const reported = (await collector.untilReported(before + summary.acknowledged)) - before
    const of = { script, site, plan, p99Ms, growthShare, figures, summary, reported, elapsedSeconds }
    const where = {
      host: new URL(url).host,
      cores: availableParallelism(),
      startedAt: new Date(started).toISOString(),
    }
    const all = { ...of, ...where, samples: await stopSampling() }
    const withKnee = script === 'ramp' ? { ...all, knee: judgeSteps(all) } : all
    return { ...withKnee, checks: judge(withKnee) }
  } finally {
    await stopSampling()
    rmSync(directory, { recursive: true, force: true })
  }
}

/** Of a ramp under way: the steps that are over, and a moment more for late answers. */
function stepsDone(figures, plan, p99Ms) {
  const firstAt = figures.firstAt()
  if (firstAt === undefined) return []
  const lateSeconds = 1.5
  const over = plan.steps.filter(
    ({ startSeconds }) => Date.now() > firstAt + (startSeconds + plan.seconds + lateSeconds) * 1000,
  )
  return judgeSteps({ plan: { ...plan, steps: over }, figures, p99Ms }).steps
}

function write(file, text) {
  mkdirSync(path.dirname(path.resolve(file)), { recursive: true })
  writeFileSync(file, text)
  return file
}

async function main() {
  const options = readOptions(process.argv.slice(2))
  if (options.help) return console.log(help)
  const planned = makePlan(options.script, options)
  await mayRun(options, planned)
  if (spawnSync('k6', ['version']).error)
    fail('k6 is not on the PATH: `go install go.k6.io/k6@latest` builds it into $(go env GOPATH)/bin')
  const ran = await run(options, planned)
  const text = reportText(ran)
  console.log(text)
  const { script, summary, html } = options
  write(summary ?? path.join(results, `${script}.txt`), text)
  console.log(
    `charts: ${path.relative('', write(html ?? path.join(results, `${script}.html`), reportHtml(ran)))}`,
  )
  if (ran.checks.some(({ ok }) => !ok)) fail('a check was not met')
}

await main().catch(error => fail(error.message, error instanceof UsageError ? 2 : 1))
