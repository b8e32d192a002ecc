import { setTimeout as sleep } from 'node:timers/promises'
import { Counter, Gauge, Registry } from 'prom-client'
import { expect, test, vi } from 'vitest'
import { backoff, countDeaths, restartDelayMs } from './backoff.ts'
import { engineLoop } from './engine_loop.ts'
import { createErrorLog } from './error_log.ts'
import { createExclusive } from './exclusive.ts'
import { createLog, describeError } from './log.ts'
import { retire, sumText } from './snapshots.ts'

test.each([
  [1, 0],
  [2, 100],
  [3, 200],
  [7, 3200],
  [9, backoff.maxMs],
  [1000, backoff.maxMs],
])('after %i deaths in a row it waits %i ms', (deaths, ms) => expect(restartDelayMs(deaths)).toBe(ms))

test.each([
  ['the first', 0, 0, 1],
  ['another one at once', 3, 0, 4],
  ['one just too soon', 3, backoff.lifeMs - 1, 4],
  ['one after a life of its own', 3, backoff.lifeMs, 3],
  ['one after a long life', 9, 60 * backoff.lifeMs, 1],
])('deaths counted: %s', (_name, before, livedMs, deaths) => {
  expect(countDeaths(before, livedMs)).toBe(deaths)
})

test('exclusive tasks run one after the other, also behind one that fails', async () => {
  const exclusive = createExclusive()
  const seen: string[] = []
  const task = (name: string) => async () => {
    seen.push(`${name} begins`)
    await sleep(5)
    seen.push(`${name} ends`)
    if (name === 'b') throw new Error('b')
  }
  const done = await Promise.allSettled([exclusive(task('a')), exclusive(task('b')), exclusive(task('c'))])
  expect(done.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
  expect(seen).toEqual(['a begins', 'a ends', 'b begins', 'b ends', 'c begins', 'c ends'])
})

test('the loop goes on after a failure and ends with its signal', async () => {
  const stop = new AbortController()
  const errors: string[] = []
  let loads = 0
  await engineLoop({
    store: { isSound: async () => true },
    loader: { tick: async () => ++loads > 1 },
    folder: {
      async tick() {
        if (loads === 1) throw new Error('once')
        stop.abort()
        return false
      },
    },
    exclusive: createExclusive(),
    signal: stop.signal,
    logError: (_error, where) => errors.push(where),
  })
  expect(errors).toEqual(['fold'])
  expect(loads).toBe(2)
})

test('the loop gives up a database that only another process can mend', async () => {
  const tick = async () => true
  let looks = 0
  const parts = {
    store: { isSound: async () => ++looks < 3 },
    ...{ loader: { tick }, folder: { tick }, exclusive: createExclusive(), logError: () => {} },
    signal: new AbortController().signal,
  }
  await expect(engineLoop(parts)).rejects.toThrow('it is opened anew')
  expect(looks).toBe(3)
})

test('a question that fails is asked again after a pause, and nothing is loaded meanwhile', async () => {
  const stop = new AbortController()
  const seen: string[] = []
  let looks = 0
  const startMs = performance.now()
  await engineLoop({
    store: {
      async isSound() {
        if (++looks === 1) throw new Error('once')
        return true
      },
    },
    loader: {
      async tick() {
        seen.push('load')
        stop.abort()
        return false
      },
    },
    folder: { tick: async () => false },
    exclusive: createExclusive(),
    signal: stop.signal,
    logError: (_error, where) => seen.push(where),
  })
  expect(seen).toEqual(['ask whether the database is sound', 'load'])
  expect(looks).toBe(2)
  // Not at once: the pause after a first failure is 500 ms.
  expect(performance.now() - startMs).toBeGreaterThan(400)
})

test('counters of a dead process stay in the sum, its gauges go', async () => {
  const registry = new Registry()
  new Counter({ name: 'c_total', help: 'c', labelNames: ['reason'], registers: [registry] }).inc(
    { reason: 'x' },
    3,
  )
  new Gauge({ name: 'g', help: 'g', registers: [registry] }).set(7)
  const dead = await registry.getMetricsAsJSON()
  const retired = retire(retire([], dead), dead)
  const text = await sumText([retired, dead])
  expect(text).toContain('c_total{reason="x"} 9')
  expect(text).toContain('g 7')
})

test('of an error the log has kind and place, never its message', () => {
  const cause = Object.assign(new Error('connect 203.0.113.7'), { code: 'ECONNREFUSED' })
  const text = JSON.stringify(describeError(new Error('row with jane@example.com', { cause })))
  expect(text).toContain('ECONNREFUSED')
  expect(text).toContain('parts.test')
  expect(text).not.toContain('jane')
  expect(text).not.toContain('203.0.113')
})

test('errors alike are one line a second', () => {
  const log = createLog({ logLevel: 'silent' }, 'test')
  const error = vi.spyOn(log, 'error').mockReturnValue(undefined)
  let now = 0
  const logError = createErrorLog(log, () => now)
  for (const at of [0, 10, 900, 1100]) {
    now = at
    logError(new Error('full'), 'spool append')
  }
  expect(error).toHaveBeenCalledTimes(2)
  expect(error.mock.calls[1]?.[0]).toMatchObject({ alike: 2 })
})
