import { expect, test } from 'vitest'
import { findKnee, isOver, memoryTrend, percentile, slope } from './analyse.mjs'

test.each([
  ['nothing', [], 99, undefined],
  ['one', [7], 99, 7],
  ['the middle', [3, 1, 2], 50, 2],
  ['of a hundred', Array.from({ length: 100 }, (_, index) => 100 - index), 99, 99],
  ['the highest', [1, 2, 3], 100, 3],
])('percentile: %s', (_, values, p, wanted) => expect(percentile(values, p)).toBe(wanted))

test.each([
  ['no points', [], 0],
  ['one point', [[5, 9]], 0],
  [
    'a line',
    [
      [0, 1],
      [1, 3],
      [2, 5],
    ],
    2,
  ],
  [
    'noise around a line',
    [
      [0, 1],
      [1, 3.5],
      [2, 4.5],
      [3, 7],
    ],
    1.9,
  ],
  [
    'all at once',
    [
      [1, 1],
      [1, 9],
    ],
    0,
  ],
])('slope: %s', (_, points, wanted) => expect(slope(points)).toBeCloseTo(wanted))

const limits = { p99Ms: 250, achievedShare: 0.97, failedShare: 0.01 }
/** Asked, answered well, p99. */
const step = (asked: number, good: number, p99Ms: number | undefined, failed = 0) => ({
  asked,
  achieved: good,
  requests: good + failed,
  failed,
  p50Ms: 1,
  p99Ms,
})

test.each([
  ['the last that holds', [step(100, 100, 9), step(150, 149, 20), step(225, 150, 900)], 150],
  ['a pause of the machine is no knee', [step(100, 100, 9), step(150, 80, 400), step(225, 225, 30)], 225],
  ['all hold', [step(100, 100, 9), step(150, 150, 9)], 150],
  ['late answers', [step(100, 100, 9), step(150, 150, 251)], 100],
  ['errors', [step(100, 100, 9), step(150, 148, 9, 2)], 100],
  ['none holds', [step(100, 10, 9)], undefined],
  ['nothing was answered', [step(100, 0, undefined)], undefined],
  ['no steps', [], undefined],
])('knee: %s', (_, steps, wanted) => expect(findKnee(steps, limits).knee?.asked).toBe(wanted))

test('of a step that does not hold it says why', () => {
  const [judged] = findKnee([step(100, 60, 400, 5)], limits).steps
  expect(judged.why).toBe('60 % of what was asked, 7.7 % failed, p99 over 250 ms')
})

test.each([
  ['one fault may be chance', [true, false], false],
  ['two in a row are not', [true, false, false], true],
  ['a fault before', [false, true, false], false],
  ['the first two', [false, false], true],
])('a ramp is over: %s', (_, held, wanted) => expect(isOver(held.map(holds => ({ holds })))).toBe(wanted))

test('the memory of a process is looked at without its first fifth', () => {
  // It fills its caches up to 100 in 200 s, then grows by 0.1 a second.
  const points = Array.from({ length: 1001 }, (_, x) => [x, x < 200 ? x / 2 : 100 + (x - 200) * 0.1])
  const trend = memoryTrend(points)
  expect(trend.seconds).toBe(800)
  expect(trend.grownBytes).toBeCloseTo(80)
  expect(trend.grownShare).toBeCloseTo(80 / 140)
  expect(memoryTrend([]).grownShare).toBe(0)
})
