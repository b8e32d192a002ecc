// A fold that is killed in the middle changes no answer: real processes, a real database, kill -9.

import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, expect, it } from 'vitest'
import { forkModule } from '../../tools/testing/child_module.ts'

const root = join(import.meta.dirname, '../..')
const scratch = mkdtempSync(join(tmpdir(), 'lightfoot-kill-fold-'))
afterAll(() => rmSync(scratch, { recursive: true, force: true }))

type Told = { answers?: string; size?: number; replacing?: boolean }

const start = (...mode: string[]) =>
  forkModule(join(root, 'tools/testing/fold_child.ts'), [root, scratch, ...mode])

async function until(child: ChildProcess, isIt: (told: Told) => boolean): Promise<Told> {
  for (;;) {
    const [told] = (await once(child, 'message')) as [Told]
    if (isIt(told)) return told
  }
}

it('answers the same after every kill', { timeout: 240_000 }, async () => {
  const seeding = start('seed')
  const wanted = await until(seeding, told => told.answers !== undefined)
  await once(seeding, 'exit')
  expect(wanted.size).toBeGreaterThan(100_000)

  let brokenOff = 0
  for (let round = 0; round < 9; round++) {
    const child = start()
    expect(await until(child, told => told.answers !== undefined)).toEqual(wanted)
    if (round % 3 === 2) {
      // Anywhere in a fold.
      await sleep(round * 70)
    } else {
      // Inside or just after the replacing of one of the partitions.
      for (let replaced = 0; replaced <= round * 2; replaced++)
        await until(child, told => told.replacing === true)
      await sleep(round)
    }
    const exited = once(child, 'exit')
    child.kill('SIGKILL')
    await exited
    const journal = JSON.parse(readFileSync(join(scratch, 'fold/state.json'), 'utf8'))
    if (journal.folding !== null) brokenOff += 1
  }
  // Else this test would have shown nothing.
  expect(brokenOff).toBeGreaterThan(0)

  const last = start()
  expect(await until(last, told => told.answers !== undefined)).toEqual(wanted)
  last.kill('SIGKILL')
})
