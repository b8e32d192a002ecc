// docs/figures.ndjson: a line for each measure of each run, with commit and machine, only ever appended to. And the table
// in docs/performance.md, which is made from the last line of each measure.

import { execFileSync } from 'node:child_process'
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs'
import { availableParallelism, cpus, totalmem } from 'node:os'
import path from 'node:path'
import { generatorName } from './generator.mjs'
import { rounded } from './statistics.mjs'

const root = path.join(import.meta.dirname, '../..')
const figuresFile = path.join(root, 'docs/figures.ndjson')
const page = path.join(root, 'docs/performance.md')
const measuredRooms = ['contract', 'tracker', 'collector', 'migrations', 'rollups']
const begin = '<!-- made by: npm run bench -- --docs -->\n'
const end = '<!-- end -->\n'

/** What a goal is worth: `reached` is yes, no, or '' where nothing was asked for. */
export function judge({ name, least, most, aim, value, remark = '' }) {
  const isUp = most === undefined
  const reaches = wanted => (isUp ? value >= wanted : value <= wanted)
  const wanted = least ?? most
  const sign = isUp ? '≥' : '≤'
  return {
    measure: name,
    wanted: wanted === undefined ? '' : `${sign} ${grouped(wanted)}`,
    aim: aim === undefined ? '' : grouped(aim),
    measured: grouped(rounded(value)),
    reached: wanted === undefined ? '' : reaches(wanted) ? 'yes' : 'no',
    remark,
  }
}

function grouped(value) {
  return value.toLocaleString('en')
}

export function appendFigures(measure, { results, goals }, { rounds, seconds, minutes }) {
  const git = (...parameters) => execFileSync('git', parameters, { cwd: root, encoding: 'utf8' }).trim()
  const line = {
    date: new Date().toISOString().slice(0, 10),
    commit: git('rev-parse', '--short', 'HEAD'),
    // Then the figures are not those of the commit alone.
    hasChanges: git('status', '--porcelain', '--', ...measuredRooms) !== '',
    cores: availableParallelism(),
    cpu: cpus()[0]?.model.trim(),
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    node: process.version,
    generator: generatorName,
    measure,
    rounds,
    seconds,
    minutes,
    goals: goals.map(goal => ({ ...goal, value: Number(goal.value.toPrecision(4)) })),
    results,
  }
  appendFileSync(figuresFile, `${JSON.stringify(line)}\n`)
}

/** The page with its table as the file of figures gives it. */
export function pageWithFigures() {
  const text = readFileSync(page, 'utf8')
  const from = text.indexOf(begin)
  const to = text.indexOf(end)
  if (from < 0 || to < from) throw new Error('docs/performance.md has no place for the table of figures')
  return text.slice(0, from + begin.length) + figuresTable(readFileSync(figuresFile, 'utf8')) + text.slice(to)
}

export function writePage() {
  writeFileSync(page, pageWithFigures())
}

/** One row a goal, of the last line of each measure, in the order in which the measures first appeared. */
export function figuresTable(figures) {
  const last = new Map()
  for (const text of figures.trim().split('\n')) {
    const line = JSON.parse(text)
    // The first line is older than the measures.
    if (line.measure) last.set(line.measure, line)
  }
  if (last.size === 0) return '\nNo run is recorded yet.\n\n'
  const goals = [...last.values()].flatMap(line =>
    line.goals.map(goal => {
      const { measure, wanted, aim, measured, reached, remark } = judge(goal)
      return [measure, wanted, aim, measured, reached, remark, `${line.commit}, ${line.date}`]
    }),
  )
  const rates = [...last.values()].flatMap(({ results }) => results.filter(hasRate)).map(rateCells)
  return [
    '',
    ...table(['measure', 'wanted', 'aim', 'measured', 'reached', 'how', 'commit'], goals),
    '',
    'The rates behind the ratios, medians of the rounds:',
    '',
    ...table(rateHead, rates),
    '',
    machines(last),
    '\n',
  ].join('\n')
}

function table(head, rows) {
  return [head, head.map(() => '---'), ...rows].map(cells => `| ${cells.join(' | ')} |`)
}

const rateHead = [
  'run',
  'requests/s',
  'lowest–highest',
  'middle half',
  'events/s',
  'p99 ms',
  'CPU µs a request',
]

function hasRate({ requestsPerSecond, cpuMicros }) {
  return requestsPerSecond !== undefined && cpuMicros !== undefined
}

function rateCells({ name, requestsPerSecond, lowestHighest, middleHalf, events, p99Ms, cpuMicros }) {
  const cpu = Object.entries(cpuMicros).map(([role, micros]) => `${role} ${grouped(micros)}`)
  const eventsPerSecond = grouped(requestsPerSecond * events)
  return [name, grouped(requestsPerSecond), lowestHighest, middleHalf, eventsPerSecond, p99Ms, cpu.join(', ')]
}

function machines(last) {
  const texts = [...last.values()].map(
    line => `${line.cores} cores (${line.cpu}), ${line.memoryGiB} GiB, Node ${line.node}, ${line.generator}`,
  )
  return `Machine: ${[...new Set(texts)].join('; ')}.`
}
