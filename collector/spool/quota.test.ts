import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createSpoolQuota } from './quota.ts'

let directory: string
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'lightfoot-quota-'))
})
afterEach(() => rmSync(directory, { recursive: true, force: true }))

const GiB = 1024 ** 3
const fill = (bytes: number) => writeFileSync(join(directory, 'a'), Buffer.alloc(bytes))

describe('a spool that grows', () => {
  it.each([
    [0, 'ok', true],
    [0.699, 'ok', true],
    [0.7, 'warn', true],
    [0.839, 'warn', true],
    [0.845, 'warn', false],
    [0.85, 'full', false],
    [1, 'full', false],
  ])('%s of what it could take: %s, takes a hundredth more: %s', async (share, state, takes) => {
    // On a disk this small the other share would count as well, so its size is kept from it: proportions are the same.
    const scale = 1e6
    fill(share * scale)
    const room = async () => ({ freeBytes: (1 - share) * scale, totalBytes: 0 })
    const quota = createSpoolQuota({ directory, now: () => 0, room })
    await quota.refresh()
    expect(quota.state()).toBe(state)
    expect(quota.allow(0.01 * scale)).toBe(takes)
  })
})

describe('a disk that fills from elsewhere', () => {
  it.each([
    ['4 TB, 15 % free', 600 * GiB, 4000 * GiB, 'ok'],
    ['4 TB, 2 GiB free', 2 * GiB, 4000 * GiB, 'ok'],
    ['20 GiB, 700 MiB free', 0.69 * GiB, 20 * GiB, 'ok'],
    ['20 GiB, 600 MiB free', 0.59 * GiB, 20 * GiB, 'warn'],
    ['20 GiB, 300 MiB free', 0.29 * GiB, 20 * GiB, 'full'],
    ['100 MiB, 31 % free', 31, 100, 'ok'],
    ['100 MiB, 30 % free', 30, 100, 'warn'],
    ['100 MiB, 15 % free', 15, 100, 'full'],
    ['nothing free', 0, 4000 * GiB, 'full'],
  ])('%s: %s', async (_, freeBytes, totalBytes, state) => {
    const quota = createSpoolQuota({ directory, now: () => 0, room: async () => ({ freeBytes, totalBytes }) })
    await quota.refresh()
    expect(quota.state()).toBe(state)
    expect(quota.allow(0)).toBe(state !== 'full')
  })
})

it('allows nothing before it has looked', async () => {
  const quota = createSpoolQuota({ directory, now: () => 0 })
  expect(quota.allow(1)).toBe(false)
  await quota.refresh()
  expect(quota.allow(1)).toBe(true)
})

it('counts what it allowed, and sees what the loader removed and what others took', async () => {
  let clock = 0
  let freeBytes = 1000
  const quota = createSpoolQuota({
    directory,
    now: () => clock,
    room: async () => ({ freeBytes, totalBytes: 1000 }),
  })
  await quota.refresh()
  expect([quota.allow(500), quota.allow(349), quota.allow(1)]).toEqual([true, true, false])
  // The look that an append asks for is for the next one.
  clock = 1000
  expect(quota.allow(1)).toBe(false)
  await quota.refresh()
  expect(quota.allow(1)).toBe(true)
  freeBytes = 100
  await quota.refresh()
  expect(quota.allow(1)).toBe(false)
  freeBytes = 1000
  await quota.refresh()
  expect(quota.usedShare()).toBe(0)
})
