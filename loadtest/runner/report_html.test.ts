import { expect, test } from 'vitest'
import { chart, roundTicks } from './chart.mjs'
import { judge, judgeSteps } from './judge.mjs'
import { createK6Figures } from './k6_figures.mjs'
import { reportHtml } from './report_html.mjs'
import { readSample } from './sample.mjs'

const hostile = '<script src="https://evil.example/x.js"></script>&"\''
const start = Date.parse('2026-03-01T12:00:00Z')

/** A ramp of two steps, of which the second does not hold, against a site with a wicked name. */
function ramp() {
  const figures = createK6Figures()
  for (let second = 0; second < 4; second++) {
    for (let request = 0; request < 10; request++) {
      const data = {
        time: new Date(start + second * 1000 + request).toISOString(),
        value: second < 2 ? 5 : 500,
        tags: { expected_response: 'true', scenario: second < 2 ? 'step_01' : 'step_02' },
      }
      figures.feed(`${JSON.stringify({ metric: 'http_req_duration', type: 'Point', data })}\n`)
    }
  }
  const samples = [0, 1, 2, 3, 5].map(second => ({
    at: start / 1000 + second,
    k6CpuSeconds: second / 2,
    ...(second === 2
      ? readSample('')
      : readSample(
          `lightfoot_lag_seconds ${second}\nlightfoot_process_resident_memory_bytes{process="engine"} 3e8\n` +
            `lightfoot_process_cpu_seconds_total{process="engine"} ${second / 4}\n`,
        )),
  }))
  const summary = {
    requests: 40,
    acknowledged: 640,
    dropped: 0,
    inDoubt: 0,
    refused: 0,
    unsent: 0,
    durationMs: { med: 5, 'p(95)': 500, 'p(99)': 500, max: 501 },
    thresholds: [{ name: 'events_acknowledged', rule: 'count>0', ok: true }],
  }
  const plan = {
    seconds: 2,
    steps: [
      { name: 'step_01', rate: 10 },
      { name: 'step_02', rate: 15 },
    ],
  }
  const run = {
    script: 'ramp',
    site: hostile,
    host: hostile,
    startedAt: '2026-03-01T12:00:00.000Z',
    cores: 2,
    elapsedSeconds: 4,
    reported: 640,
    p99Ms: 250,
    plan,
    figures,
    samples,
    summary,
  }
  const knee = judgeSteps(run)
  return { ...run, knee, checks: judge({ ...run, knee }) }
}

test('the page is well-formed, holds all charts, and asks for nothing', () => {
  const page = reportHtml(ramp())
  expect(unclosed(page)).toEqual([])
  expect(page.match(/<svg /g)).toHaveLength(6)
  expect(page).toContain('knee: 10 requests a second, p99 5.0 ms')
  expect(page).toContain('67 % of what was asked, p99 over 250 ms')
  expect(page).toContain('processor: k6 0.50, collector 0.25, of 2 cores')
  expect(page).toContain('acknowledged = reported')
  expect(page).not.toMatch(/<(?:script|link|img|iframe|object)\b|<[^>]*\s(?:src|href|style)=|url\(|@import/)
})

test('a number that cannot be known is a gap', () => {
  const page = reportHtml(ramp())
  expect(page).not.toContain('NaN')
  expect(page).not.toContain('undefined')
})

/** Elements that are opened and not closed, or closed and not opened. */
function unclosed(page: string): string[] {
  const open: string[] = []
  for (const [, slash, name = '', rest = ''] of page.matchAll(
    /<(\/?)([a-z][a-z0-9]*)((?:[^>"]|"[^"]*")*)>/g,
  )) {
    if (rest.endsWith('/')) continue
    if (slash === '') open.push(name)
    else if (open.at(-1) === name) open.pop()
    else return [...open, `/${name}`]
  }
  return open
}

test.each([
  [0, [0, 0.5, 1]],
  [1, [0, 0.5, 1]],
  [3.5, [0, 1, 2, 3, 4]],
  [4, [0, 1, 2, 3, 4]],
  [481, [0, 200, 400, 600]],
  [0.0007, [0, 0.0002, 0.0004, 0.0006, 0.0008]],
])('the scale up to %d', (highest, wanted) => expect(roundTicks(highest, 4)).toEqual(wanted))

test('a chart without points is still a chart', () => {
  expect(unclosed(chart({ title: 'a', unit: 'b', seconds: 0, series: [{ name: 'c', points: [] }] }))).toEqual(
    [],
  )
})
