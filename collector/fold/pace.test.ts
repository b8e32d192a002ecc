import { describe, expect, it } from 'vitest'
import { createPace } from './pace.ts'

describe('pace', () => {
  /** Steps of `stepMs` for an hour, looked for every 100 ms; gives the milliseconds worked. */
  const workFor = (stepMs: number) => {
    let clock = 0
    const pace = createPace({ now: () => clock, share: 0.2, burstMs: 1000 })
    let worked = 0
    while (clock < 3_600_000) {
      if (!pace.mayWork()) {
        clock += 100
        continue
      }
      const startedAt = clock
      clock += stepMs
      worked += stepMs
      pace.worked(startedAt)
    }
    return worked / clock
  }

  it.each([10, 400, 5000, 60_000])('steps of %i ms take a fifth', stepMs => {
    expect(workFor(stepMs)).toBeGreaterThan(0.18)
    expect(workFor(stepMs)).toBeLessThan(0.22)
  })

  it('lets a short burst through, and then rests', () => {
    let clock = 0
    const pace = createPace({ now: () => clock, share: 0.2, burstMs: 1000 })
    let steps = 0
    while (pace.mayWork()) {
      const startedAt = clock
      clock += 100
      pace.worked(startedAt)
      steps += 1
    }
    expect(steps).toBe(13)
    clock += 100_000
    expect(pace.mayWork()).toBe(true)
  })

  it('survives a clock that is set back', () => {
    let clock = 1_000_000
    const pace = createPace({ now: () => clock, share: 0.2, burstMs: 1000 })
    clock = 0
    expect(pace.mayWork()).toBe(true)
    pace.worked(500_000)
    expect(pace.mayWork()).toBe(true)
  })
})
