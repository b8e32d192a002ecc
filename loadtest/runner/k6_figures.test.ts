import { expect, test } from 'vitest'
import { createK6Figures } from './k6_figures.mjs'

/** As k6 writes it. */
function point(metric: string, time: string, value: number, tags: Record<string, string>): string {
  return `${JSON.stringify({ metric, type: 'Point', data: { time, value, tags } })}\n`
}
const request = (time: string, ms: number, scenario: string, expected = 'true') =>
  point('http_req_duration', time, ms, { expected_response: expected, scenario, status: '202' })

const stream = [
  '{"type":"Metric","data":{"name":"http_req_duration","type":"trend"},"metric":"http_req_duration"}\n',
  point('http_req_duration', '2026-03-01T12:00:00.1Z', 900, { expected_response: 'true', status: '201' }),
  request('2026-03-01T12:00:01.000000001Z', 1.5, 'step_01'),
  point('events_acknowledged', '2026-03-01T12:00:01.5Z', 16, { scenario: 'step_01' }),
  request('2026-03-01T12:00:01.999999999Z', 3e-1, 'step_01', 'false'),
  // Of a machine in another zone, and late.
  request('2026-03-01T14:00:03.2+02:00', 40, 'step_02'),
  point('http_reqs', '2026-03-01T12:00:03.2Z', 1, { scenario: 'step_02' }),
  request('2026-03-01T12:00:01.7Z', 20, 'step_01'),
].join('')

test.each([1, 7, 100_000])('read in pieces of %i characters', size => {
  const figures = createK6Figures()
  for (let at = 0; at < stream.length; at += size) figures.feed(stream.slice(at, at + size))
  const noon = Date.parse('2026-03-01T12:00:00Z') / 1000
  expect(figures.firstAt()).toBe((noon + 1) * 1000)
  expect(figures.bySecond()).toEqual([
    { at: noon + 1, events: 16, requests: 3, failed: 1, p50Ms: 1.5, p99Ms: 20 },
    { at: noon + 3, events: 0, requests: 1, failed: 0, p50Ms: 40, p99Ms: 40 },
  ])
  expect(figures.ofScenario('step_01')).toEqual({ requests: 3, failed: 1, p50Ms: 1.5, p99Ms: 20 })
  expect(figures.ofScenario('step_09')).toMatchObject({ requests: 0, p99Ms: undefined })
})
