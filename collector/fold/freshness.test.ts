import { describe, expect, it } from 'vitest'
import { createFreshness } from './freshness.ts'

const day = '2026-11-20'

describe('freshness', () => {
  const cases: [name: string, workMs: number, marksEveryMs: number | undefined, dueAfterMs: number][] = [
    ['a small day at once', 300, 2000, 0],
    ['one that took a second at once', 1000, 2000, 0],
    ['one that took two seconds after twenty', 2000, 2000, 20_000],
    ['one that took ten after three minutes', 10_000, 2000, 180_000],
    ['one that took a minute after five at most', 60_000, 2000, 300_000],
    ['a large one soon after the last of its rows', 60_000, undefined, 5000],
    ['a large one whose rows come now and then soon after each', 60_000, 7000, 5000],
  ]
  it.each(cases)('folds again %s', (_name, workMs, marksEveryMs, dueAfterMs) => {
    let clock = 1_000_000
    const freshness = createFreshness(() => clock)
    freshness.folded(day, workMs)
    const foldedAt = clock
    freshness.marked([day])
    while (!freshness.isDue(day)) {
      clock += 100
      if (marksEveryMs !== undefined && (clock - foldedAt) % marksEveryMs === 0) freshness.marked([day])
    }
    expect(clock - foldedAt).toBe(dueAfterMs)
  })

  it('lets a day rest and another not', () => {
    const freshness = createFreshness(() => 0)
    freshness.folded(day, 60_000)
    freshness.marked([day, '2026-11-19'])
    expect([day, '2026-11-19'].map(freshness.isDue)).toEqual([false, true])
  })

  it('folds at once what no load has marked: after a restart, or by a change of the rollups', () => {
    const freshness = createFreshness(() => 0)
    freshness.folded(day, 60_000)
    expect(freshness.isDue(day)).toBe(true)
  })
})
