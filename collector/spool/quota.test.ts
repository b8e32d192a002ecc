import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { createSpoolQuota } from './quota.ts'

let directory: string
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'lightfoot-quota-'))
})
afterEach(() => rmSync(directory, { recursive: true, force: true }))

it.each([
  [0, 'ok', true],
  [699, 'ok', true],
  [700, 'warn', true],
  [840, 'warn', true],
  [841, 'warn', false],
  [850, 'full', false],
])('%i bytes of 1000: %s, takes 10 more: %s', async (bytes, state, takes) => {
  writeFileSync(join(directory, 'a'), Buffer.alloc(bytes))
  const quota = createSpoolQuota({ directory, quotaBytes: 1000, now: () => 0 })
  await quota.refresh()
  expect(quota.state()).toBe(state)
  expect(quota.allow(10)).toBe(takes)
})

it('counts what it allowed, and sees what the loader removed', async () => {
  let clock = 0
  const quota = createSpoolQuota({ directory, quotaBytes: 1000, now: () => clock })
  await quota.refresh()
  expect([quota.allow(500), quota.allow(350), quota.allow(1)]).toEqual([true, true, false])
  clock = 1000
  expect(quota.allow(1)).toBe(false)
  await quota.refresh()
  expect(quota.allow(1)).toBe(true)
})
