import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { bucketOf, durationEdgesMs, engagementStepMs, resultEdges, scrollQuartiles } from './steps.ts'

describe('bucketOf', () => {
  const cases = [
    { name: 'below the first edge', edges: durationEdgesMs, value: -1, wanted: 0 },
    { name: 'zero', edges: durationEdgesMs, value: 0, wanted: 0 },
    { name: 'between two edges', edges: durationEdgesMs, value: 130, wanted: 100 },
    { name: 'just below an edge', edges: durationEdgesMs, value: 149.999, wanted: 100 },
    { name: 'on an edge', edges: durationEdgesMs, value: 150, wanted: 150 },
    { name: 'on the last edge', edges: durationEdgesMs, value: 60_000, wanted: 60_000 },
    { name: 'past the last edge', edges: durationEdgesMs, value: 1e9, wanted: 60_000 },
    { name: 'no result', edges: resultEdges, value: 0, wanted: 0 },
    { name: 'one result', edges: resultEdges, value: 1, wanted: 1 },
    { name: 'five results', edges: resultEdges, value: 5, wanted: 2 },
    { name: 'a hundred results', edges: resultEdges, value: 100, wanted: 21 },
    { name: 'more results', edges: resultEdges, value: 101, wanted: 101 },
    { name: 'no edges', edges: [], value: 5, wanted: 0 },
  ]
  test.each(cases)('$name', ({ edges, value, wanted }) => {
    expect(bucketOf(edges, value)).toBe(wanted)
  })

  test('the bucket is an edge, not above the value, and there is none between', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1e6, noNaN: true }), value => {
        const edge = bucketOf(durationEdgesMs, value)
        expect(durationEdgesMs).toContain(edge)
        expect(edge).toBeLessThanOrEqual(value)
        expect(durationEdgesMs.some(other => other > edge && other <= value)).toBe(false)
      }),
    )
  })
})

test.each([
  ['durationEdgesMs', durationEdgesMs],
  ['resultEdges', resultEdges],
  ['scrollQuartiles', scrollQuartiles],
] as const)('%s rises', (_, edges) => {
  expect([...edges].sort((a, b) => a - b)).toEqual([...edges])
  expect(new Set(edges).size).toBe(edges.length)
})

test('quartiles end at the last decile, and the step of engaged time is 5 s', () => {
  expect(scrollQuartiles.at(-1)).toBe(10)
  expect(engagementStepMs).toBe(5000)
})
