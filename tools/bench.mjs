#!/usr/bin/env node
// `npm run bench`: what Lightfoot takes, beside floors in the same run, and what it needs for it. Each measure is a file in
// bench/; here is the list of them and how they are asked for. Exit status 1 when a result is wrong (a failed request, counts
// that differ), not when a goal is missed.

import { tmpdir } from 'node:os'
import { parseArgs } from 'node:util'
import { appendFigures, judge, writePage } from './bench/figures.mjs'
import { generatorName } from './bench/generator.mjs'
import { measureAcceptors } from './bench/measure_acceptors.mjs'
import { measureDurability } from './bench/measure_durability.mjs'
import { measureFolding } from './bench/measure_folding.mjs'
import { measureLatency } from './bench/measure_latency.mjs'
import { measureMemory } from './bench/measure_memory.mjs'
import { measureRates } from './bench/measure_rates.mjs'
import { measureStorage } from './bench/measure_storage.mjs'
import { measureSustained } from './bench/measure_sustained.mjs'
import { measureTracker } from './bench/measure_tracker.mjs'
import { stopEverything } from './bench/processes.mjs'
import { sayStep } from './bench/progress.mjs'
import { ageOfBuild, isInMemory, isLinux } from './bench/surroundings.mjs'

/** name → how it is measured, what it is. */
const measures = {
  rates: [measureRates, '1, 10 and 50 events a request with one acceptor, beside the floors'],
  durability: [measureDurability, 'against itself without fsync'],
  acceptors: [measureAcceptors, '2 acceptors against 1, also with a connection for each request'],
  latency: [measureLatency, 'time to a durable answer, against the disk’s own'],
  memory: [measureMemory, 'resident memory, idle and under load'],
  storage: [measureStorage, 'stored bytes an event, by column'],
  folding: [measureFolding, 'a day of 1 M and of 10 M rows, all rollups'],
  sustained: [measureSustained, 'minutes of load into ClickHouse, folding included; counts compared'],
  tracker: [
    measureTracker,
    'main thread of a page with the tracker, CPU slowed 4 times, beside an empty page',
  ],
}

const help = `Usage: npm run bench -- [options]

  --only NAMES     some measures, by name, separated by commas
  --quick          one short round each, for a first look: 3 minutes, not recorded; without storage and folding
                   unless --only names them
  --rounds N       rounds of each measure                           (default 5)
  --seconds N      of each run of a round                           (default 3)
  --minutes N      of the sustained measure                         (default 5)
  --offered N      events a second of the sustained measure         (default: as many as the database keeps up with)
  --no-record      do not append to docs/figures.ndjson
  --docs           measure nothing; write the tables of docs/performance.md from docs/figures.ndjson, as each
                   recorded run does
  --list           the measures

The data lies in the system's temporary folder: TMPDIR names another disk. All takes about 20 minutes.`

const quick = { rounds: 1, seconds: 1, minutes: 0.2, idleSeconds: 5, isQuick: true }
/** These have no form that is short and tells something. */
const slow = ['storage', 'folding']
const usual = { rounds: 5, seconds: 3, minutes: 5, idleSeconds: 30 }

function readOptions() {
  const { values } = parseArgs({
    options: {
      only: { type: 'string' },
      quick: { type: 'boolean', default: false },
      rounds: { type: 'string' },
      seconds: { type: 'string' },
      minutes: { type: 'string' },
      offered: { type: 'string' },
      'no-record': { type: 'boolean', default: false },
      docs: { type: 'boolean', default: false },
      list: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  })
  const all = Object.keys(measures).filter(name => !(values.quick && slow.includes(name)))
  const names = values.only?.split(',') ?? all
  const unknown = names.find(name => !Object.hasOwn(measures, name))
  if (unknown !== undefined) throw new Error(`there is no measure "${unknown}"; see --list`)
  const numbers = ['rounds', 'seconds', 'minutes', 'offered'].map(name => [
    name,
    positive(name, values[name]),
  ])
  const given = Object.fromEntries(numbers.filter(([, value]) => value !== undefined))
  return {
    ...values,
    names,
    isRecorded: !values.quick && !values['no-record'],
    plan: { ...(values.quick ? quick : usual), ...given },
  }
}

function positive(name, text) {
  if (text === undefined) return undefined
  if (Number(text) > 0) return Number(text)
  throw new Error(`--${name} is a number above 0`)
}

/** One clear line; 2 is a usage error. */
function fail(message, status) {
  console.error(`bench: ${message}`)
  process.exitCode = status
}

async function run({ names, plan, isRecorded }) {
  const goals = []
  const wrong = []
  for (const [index, name] of names.entries()) {
    const [measure, what] = measures[name]
    sayStep(`${index + 1}/${names.length} ${name}: ${what}`)
    try {
      const found = await measure(plan)
      goals.push(...found.goals)
      wrong.push(...found.wrong)
      if (isRecorded && found.wrong.length === 0) appendFigures(name, found, plan)
    } catch (error) {
      // The others can be measured all the same.
      wrong.push(`${name}: ${error.message}`)
      await stopEverything()
    }
  }
  if (isRecorded) writePage()
  console.table(goals.map(judge))
  if (wrong.length > 0) fail(`the figures do not count: ${wrong.join('; ')}`, 1)
}

/** Figures of another build than the sources say are not recorded. */
function buildObstacle(isRecorded) {
  const built = ageOfBuild()
  if (built === 'missing' || (built === 'old' && isRecorded)) return `the build is ${built}: npm run build`
  if (built === 'old') sayStep('the build is older than the sources')
  return undefined
}

function sayPlan({ names, plan, quick: isQuick }) {
  const isAll = names.length >= Object.keys(measures).length - slow.length
  const time = isAll ? `; about ${isQuick ? 3 : 20} minutes in all` : ''
  console.log(
    `generator ${generatorName}; ${plan.rounds} rounds of ${plan.seconds} s, medians; sustained for ${plan.minutes} minutes${time}`,
  )
  if (isInMemory(tmpdir())) sayStep('the temporary folder is in memory: TMPDIR should name one on a disk')
}

async function main() {
  let options
  try {
    options = readOptions()
  } catch (error) {
    return fail(`${error.message.split('. ')[0]}; see npm run bench -- --help`, 2)
  }
  if (options.help) return console.log(help)
  if (options.list)
    return console.log(
      Object.entries(measures)
        .map(([name, [, what]]) => `${name.padEnd(12)} ${what}`)
        .join('\n'),
    )
  if (options.docs) return writePage()
  if (!isLinux()) return fail('it reads CPU time and memory from /proc, so it needs Linux', 1)
  const obstacle = buildObstacle(options.isRecorded)
  if (obstacle) return fail(obstacle, 1)
  sayPlan(options)
  for (const signal of ['SIGINT', 'SIGTERM'])
    process.once(signal, () => stopEverything().finally(() => process.exit(1)))
  await run(options)
}

await main()
