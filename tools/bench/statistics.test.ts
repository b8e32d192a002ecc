import { expect, test } from 'vitest'
import { quantile, rounded, slope, spread } from './statistics.mjs'

test.each<[string, number[], number, number]>([
  ['the middle of an odd number', [3, 1, 2], 0.5, 2],
  ['between the two in the middle', [1, 4, 2, 3], 0.5, 2.5],
  ['the lowest', [5, 7], 0, 5],
  ['the highest', [5, 7], 1, 7],
  ['one alone', [9], 0.99, 9],
  ['nothing', [], 0.5, Number.NaN],
])('quantile: %s', (_name, values, share, wanted) => {
  expect(quantile(values, share)).toBe(wanted)
})

test('spread', () => {
  expect(spread([5, 1, 2, 4, 3])).toEqual({ median: 3, lowest: 1, highest: 5, quarter: 2, threeQuarters: 4 })
})

test.each<[string, [number, number][], number]>([
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
    'flat',
    [
      [0, 4],
      [5, 4],
    ],
    0,
  ],
  ['one point has none', [[3, 9]], 0],
])('slope: %s', (_name, points, wanted) => {
  expect(slope(points)).toBe(wanted)
})

test.each([
  [0.39712, 0.397],
  [2.456, 2.46],
  [26_754.3, 26_754],
])('rounded: %d', (value, wanted) => {
  expect(rounded(value)).toBe(wanted)
})
