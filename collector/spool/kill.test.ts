// kill -9 of a real process that writes: whatever it acknowledged can be read.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { bundleForNode, spawnBundle } from '../../tools/testing/spawn_typescript.ts'
import { numberOf } from '../../tools/testing/spool_records.ts'
import { openSegment, readSlice } from './reader.ts'
import { listSegments, sealSegments } from './recovery.ts'

const rounds = 15

it(`keeps what was acknowledged through ${rounds} kills`, { timeout: 60_000 }, async () => {
  const directory = mkdtempSync(join(tmpdir(), 'lightfoot-kill-'))
  const bundle = await bundleForNode(join(import.meta.dirname, 'testing/append_child.ts'))
  const acknowledged: number[] = []
  for (let round = 0; round < rounds; round++) {
    const { child, output, ended } = spawnBundle(bundle, [directory, String(round * 10_000_000 + 1)])
    while (output() === '') await sleep(5)
    await sleep(Math.random() * 400)
    child.kill('SIGKILL')
    await ended
    const lines = output().split('\n')
    // The last line may be cut by the kill.
    acknowledged.push(...lines.slice(0, -1).map(Number))
    const { alive, outcomes } = await sealSegments({ directory })
    expect(alive).toEqual([])
    for (const outcome of outcomes.values()) expect(outcome).not.toMatchObject({ isDamaged: true })
  }
  const { stored, gaps } = await readAll(directory)
  expect(gaps).toBe(0)
  expect(new Set(stored).size).toBe(stored.length)
  const found = new Set(stored)
  expect(acknowledged.filter(number => !found.has(number))).toEqual([])
  expect(acknowledged.length).toBeGreaterThan(rounds * 100)
  rmSync(directory, { recursive: true, force: true })
})

async function readAll(directory: string): Promise<{ stored: number[]; gaps: number }> {
  const stored: number[] = []
  let gaps = 0
  for (const { file, isSealed } of await listSegments(directory)) {
    const handle = await openSegment(join(directory, file))
    for (let at = 0, more = true; more; ) {
      const slice = await readSlice(handle!, at, { isSealed })
      stored.push(...slice.records.map(({ record }) => numberOf(record)))
      if (slice.gap) gaps++
      at = slice.next
      more = slice.state === 'more'
    }
    await handle!.close()
  }
  return { stored, gaps }
}
