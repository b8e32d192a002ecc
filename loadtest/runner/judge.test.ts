import { expect, test } from 'vitest'
import { judge } from './judge.mjs'

const summary = {
  requests: 1000,
  acknowledged: 16_000,
  inDoubt: 0,
  unsent: 0,
  thresholds: [{ name: 'checks', rule: 'rate==1', ok: true }],
}
const mib = 1024 ** 2

/** A soak of so many seconds whose engine grows by so much an hour. */
function soak(seconds: number, mibHourly: number) {
  const samples = Array.from({ length: seconds / 10 }, (_, index) => ({
    at: index * 10,
    memoryBytes: { engine: 300 * mib + (mibHourly * mib * index * 10) / 3600, 'acceptor-1': 90 * mib },
  }))
  return { script: 'soak', summary, reported: 16_000, samples, growthShare: 0.1 }
}

test.each([
  ['flat', 1800, 0, true],
  ['a leak', 1800, 200, false],
  ['a leak that is not there yet', 1800, 60, true],
  ['too short to be judged', 120, 5000, true],
])('memory: %s', (_, seconds, mibHourly, wanted) => {
  const checks = judge(soak(seconds, mibHourly)).filter(({ text }) => text.startsWith('memory'))
  expect(checks.map(({ ok }) => ok)).toEqual([true, wanted])
  expect(checks[1]?.text).toContain(`slope ${mibHourly}.0 MiB an hour`)
})

test.each([
  ['equal', 16_000, 0, true, 'acknowledged = reported'],
  ['some in doubt, and stored', 16_010, 16, true, 'but for 16 events without an answer'],
  ['some in doubt, and not stored', 16_000, 16, true, 'but for 16 events without an answer'],
  ['more than that', 16_020, 16, false, 'use a site made for the test'],
  ['lost', 15_999, 16, false, 'do not count what was acknowledged'],
])('stored: %s', (_, reported, inDoubt, ok, text) => {
  const check = judge({ script: 'smoke', summary: { ...summary, inDoubt }, reported, samples: [] }).at(-1)
  expect(check?.ok).toBe(ok)
  expect(check?.text).toContain(text)
})

test.each([
  ['back', [0, 4, 9, 20, 3, 0, 0, 0], true],
  ['still behind', [0, 4, 9, 20, 30, 40, 50, 60], false],
  ['not known', [undefined], false],
])('lag after a spike: %s', (_, lags, wanted) => {
  const samples = lags.map(lagSeconds => ({ lagSeconds, memoryBytes: {} }))
  const checks = judge({ script: 'spike', summary, reported: 16_000, samples })
  expect(checks.find(({ text }) => text.startsWith('lag'))?.ok).toBe(wanted)
})

test('a rate that k6 did not reach is no run of that rate', () => {
  const checks = judge({ ...soak(60, 0), summary: { ...summary, unsent: 100 } })
  expect(checks).toContainEqual({ ok: false, text: 'sent 90.9 % of what was asked' })
})

test('a knee is found, or it is said that none was', () => {
  const step = { asked: 100, p99Ms: 12 }
  const run = { script: 'ramp', summary, reported: 16_000, samples: [] }
  const found = (knee: unknown) => judge({ ...run, knee }).find(({ text }) => text.startsWith('knee'))
  expect(found({ knee: step, steps: [step, {}] })).toEqual({
    ok: true,
    text: 'knee: 100 requests a second, p99 12.0 ms',
  })
  expect(found({ knee: step, steps: [step] })?.text).toContain('give it more --steps')
  expect(found({ knee: undefined, steps: [{}] })?.ok).toBe(false)
})
