import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { packageRoot } from '../../collector/config/package_root.ts'
import { figuresTable, type Goal, judge, pageWithFigures } from './figures.mjs'

test('the tables of docs/performance.md are what docs/figures.ndjson gives', () => {
  const page = readFileSync(join(packageRoot(), 'docs/performance.md'), 'utf8')
  expect(page, 'npm run bench -- --docs writes them').toBe(pageWithFigures())
})

test.each<[string, Goal, string, string]>([
  ['reached', { name: 'rate', least: 0.4, value: 0.4 }, '≥ 0.4', 'yes'],
  ['missed', { name: 'rate', least: 0.4, value: 0.39 }, '≥ 0.4', 'no'],
  ['less is better: reached', { name: 'memory', most: 90, value: 90 }, '≤ 90', 'yes'],
  ['less is better: missed', { name: 'memory', most: 90, value: 90.5 }, '≤ 90', 'no'],
  ['only stated', { name: 'ratio', value: 1.4 }, '', ''],
])('a goal: %s', (_name, goal, wanted, reached) => {
  expect(judge(goal)).toMatchObject({ measure: goal.name, wanted, reached })
})

const line = (measure: string, commit: string, value: number) =>
  JSON.stringify({
    date: '2026-01-02',
    commit,
    cores: 2,
    cpu: 'some',
    memoryGiB: 8,
    node: 'v20.0.0',
    generator: 'wrk',
    measure,
    goals: [{ name: `goal of ${measure}`, least: 2, value }],
    results: [
      {
        name: `run of ${measure}`,
        events: 10,
        requestsPerSecond: 1000 * value,
        lowestHighest: '1–2',
        middleHalf: '1–2',
        p99Ms: 3,
        cpuMicros: { acceptors: 120 },
      },
      { name: 'without a rate' },
    ],
  })

test('the table has the last line of each measure, and nothing of lines older than measures', () => {
  const table = figuresTable(
    ['{"results":[{"name":"old"}]}', line('a', 'aaa', 1), line('b', 'bbb', 3), line('a', 'ccc', 2)].join(
      '\n',
    ),
  )
  expect(table).toContain('| goal of a | ≥ 2 |  | 2 | yes |  | ccc, 2026-01-02 |')
  expect(table).toContain('| goal of b | ≥ 2 |  | 3 | yes |  | bbb, 2026-01-02 |')
  expect(table).toContain('| run of a | 2,000 | 1–2 | 1–2 | 20,000 | 3 | acceptors 120 |')
  expect(table).not.toMatch(/aaa|old|without a rate/)
})

test('without a line there is no table', () => {
  expect(figuresTable('{"results":[]}\n')).toBe('\nNo run is recorded yet.\n\n')
})
