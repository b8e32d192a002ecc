// kill -9 in the middle of a replay over a real database, at each of its steps, in the load that follows, and at random: every
// row that was set aside is there once.

import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest'
import { forgeSegment } from '../../tools/testing/forge_segment.ts'
import { bundleForNode, spawnBundle } from '../../tools/testing/spawn_typescript.ts'
import { spoolRecord } from '../../tools/testing/spool_records.ts'
import { packageRoot } from '../config/package_root.ts'

let bundle: string
/** As the refusal left it; each test works on a copy. */
let refused: string
let data: string

beforeAll(async () => {
  bundle = await bundleForNode(join(import.meta.dirname, 'testing/replay_child.ts'))
  refused = mkdtempSync(join(tmpdir(), 'lightfoot-replay-kill-'))
  symlinkSync(join(packageRoot(), 'migrations'), join(refused, 'migrations'))
  data = refused
  await setAside()
})
afterAll(() => rmSync(refused, { recursive: true, force: true }))
beforeEach(() => {
  data = mkdtempSync(join(tmpdir(), 'lightfoot-replay-kill-'))
  cpSync(refused, data, { recursive: true })
})
afterEach(() => rmSync(data, { recursive: true, force: true }))

const listed = (name: string) => readdirSync(join(data, name))

async function run(work: 'refuse' | 'replay', killAt = '') {
  const { output, ended } = spawnBundle(bundle, [data, work, killAt])
  const { signal } = await ended
  return { signal, last: output().trim().split('\n').at(-1) ?? '' }
}

async function runToTheEnd(work: 'refuse' | 'replay'): Promise<unknown> {
  const { signal, last } = await run(work)
  expect(signal).toBeNull()
  return JSON.parse(last).found
}

/** 40 rows, every fourth of which the table refuses: two loads, and two files of five rows. */
async function setAside(): Promise<void> {
  mkdirSync(join(data, 'spool'))
  const records = Array.from({ length: 40 }, (_, number) =>
    spoolRecord(number + 1, { values: { status: number % 4 === 0 ? '700' : '200' } }),
  )
  forgeSegment(join(data, 'spool'), records)
  expect(await runToTheEnd('refuse')).toEqual({ rows: '30', events: '30' })
  expect(listed('rejects')).toHaveLength(2)
}

async function expectReplayed(): Promise<void> {
  expect(await runToTheEnd('replay')).toEqual({ rows: '40', events: '40' })
  expect(listed('rejects')).toEqual([])
  expect(listed('spool')).toEqual([])
}

it.each(['asked', 'staged', 'committed', 'spooled', 'inserted'])('%s', async step => {
  expect((await run('replay', step)).signal).toBe('SIGKILL')
  await expectReplayed()
})

it('at random, and replayed once more at the end', async () => {
  for (let round = 0; round < 3; round++) {
    const { child, output, ended } = spawnBundle(bundle, [data, 'replay', ''])
    while (output() === '') await sleep(1)
    await sleep(Math.random() * 60)
    child.kill('SIGKILL')
    await ended
  }
  await expectReplayed()
  await expectReplayed()
})
