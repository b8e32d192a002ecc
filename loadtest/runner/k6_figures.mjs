// Reads the stream of `k6 --out json`, one point a line, as it comes: requests by second and by scenario. k6's own summary
// knows the whole run only.

import { percentile } from './analyse.mjs'

const duration = '{"metric":"http_req_duration","type":"Point"'
const events = '{"metric":"events_acknowledged","type":"Point"'

export function createK6Figures() {
  const seconds = new Map()
  const scenarios = new Map()
  let rest = ''
  let firstAt

  function feed(chunk) {
    const lines = (rest + chunk).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) {
      if (line.startsWith(duration)) takeRequest(line)
      else if (line.startsWith(events)) secondAt(timeOf(line)).events += numberOf(line)
    }
  }

  function takeRequest(line) {
    const scenario = textOf(line, 'scenario')
    // What setup() asks is no load.
    if (scenario === undefined) return
    const at = timeOf(line)
    firstAt ??= at
    const of = scenarios.get(scenario) ?? emptyFigures()
    scenarios.set(scenario, of)
    for (const figures of [secondAt(at), of]) {
      figures.durations.push(numberOf(line))
      if (textOf(line, 'expected_response') !== 'true') figures.failed++
    }
  }

  function secondAt(at) {
    const second = Math.floor(at / 1000)
    const figures = seconds.get(second) ?? { ...emptyFigures(), events: 0 }
    seconds.set(second, figures)
    return figures
  }

  return {
    feed,
    /** Clock of the first request, undefined before it. */
    firstAt: () => firstAt,
    /** Ordered; `at` is the clock in seconds. */
    bySecond: () =>
      [...seconds]
        .sort(([a], [b]) => a - b)
        .map(([at, figures]) => ({ at, events: figures.events, ...summed(figures) })),
    ofScenario: name => summed(scenarios.get(name) ?? emptyFigures()),
  }
}

function emptyFigures() {
  return { durations: [], failed: 0 }
}

function summed({ durations, failed }) {
  const [p50Ms, p99Ms] = [percentile(durations, 50), percentile(durations, 99)]
  return { requests: durations.length, failed, p50Ms, p99Ms }
}

// k6 writes each line in the same way, so the few fields are cut out; JSON.parse of each of them takes three times as long.

/** `"time":"2026-03-01T12:00:00.123456789Z"` → ms */
function timeOf(line) {
  const at = line.indexOf('"time":"') + 8
  return Date.parse(line.slice(at, line.indexOf('"', at)))
}

function numberOf(line) {
  return Number.parseFloat(line.slice(line.indexOf('"value":') + 8))
}

function textOf(line, name) {
  const key = `"${name}":"`
  const at = line.indexOf(key)
  return at === -1 ? undefined : line.slice(at + key.length, line.indexOf('"', at + key.length))
}
