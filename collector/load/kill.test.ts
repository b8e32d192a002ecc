// kill -9 of a real loader over a real database, at each point of a load and at random: every row is there once.

import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { bundleForNode, spawnBundle } from '../../tools/testing/spawn_typescript.ts'
import { dayFromToday, spoolRecord } from '../../tools/testing/spool_records.ts'
import { packageRoot } from '../config/package_root.ts'
import { readBootId } from '../spool/boot_id.ts'
import { openSpoolWriter, type SpoolWriter } from '../spool/writer.ts'

let bundle: string
let data: string
beforeAll(async () => {
  bundle = await bundleForNode(join(import.meta.dirname, 'testing/load_child.ts'))
})
beforeEach(() => {
  data = mkdtempSync(join(tmpdir(), 'lightfoot-load-kill-'))
  symlinkSync(join(packageRoot(), 'migrations'), join(data, 'migrations'))
})
afterEach(() => rmSync(data, { recursive: true, force: true }))

/** 60 events in several small segments, the last of them live, and two repeats of a batch. */
async function fillSpool(): Promise<SpoolWriter> {
  mkdirSync(join(data, 'spool'))
  const writer = await openSpoolWriter({
    directory: join(data, 'spool'),
    slot: 0,
    pid: process.pid,
    bootId: readBootId(),
    now: Date.now,
    rollBytes: 4000,
  })
  for (let number = 1; number <= 30; number++) await writer.append(spoolRecord(number, { rowCount: 2 }))
  for (const number of [3, 29]) await writer.append(spoolRecord(number, { rowCount: 2 }))
  return writer
}

async function run(killAt: string) {
  const { output, ended } = spawnBundle(bundle, [data, killAt])
  const { signal } = await ended
  return { signal, output: output() }
}

async function runToTheEnd() {
  const { signal, output } = await run('')
  expect(signal).toBeNull()
  return JSON.parse(output.trim().split('\n').at(-1) ?? '{}') as {
    found: { rows: string; events: string; loads: string }
    status: { voidLoads: number; drops: { duplicate: number } }
  }
}

describe('kill -9 of the loader', () => {
  it.each(['gathered', 'manifest', 'inserted', 'marked', 'complete'])('%s', async step => {
    const writer = await fillSpool()
    expect((await run(step)).signal).toBe('SIGKILL')
    expect((await run(step)).signal).toBe('SIGKILL')
    await writer.close()
    const { found, status } = await runToTheEnd()
    expect(found).toMatchObject({ rows: '60', events: '60' })
    expect(status.voidLoads).toBe(0)
    expect(readdirSync(join(data, 'spool'))).toEqual([])
    expect(readFileSync(join(data, 'marked'), 'utf8')).toContain(dayFromToday(0))
  })

  it('at random, while a writer appends', async () => {
    const writer = await fillSpool()
    let appended = 30
    for (let round = 0; round < 4; round++) {
      const { child, output, ended } = spawnBundle(bundle, [data, ''])
      while (output() === '') {
        await writer.append(spoolRecord(++appended, { rowCount: 2 }))
        await sleep(10)
      }
      const until = Date.now() + Math.random() * 400
      while (Date.now() < until) {
        await writer.append(spoolRecord(++appended, { rowCount: 2 }))
        await sleep(3)
      }
      child.kill('SIGKILL')
      await ended
    }
    await writer.close()
    const { found } = await runToTheEnd()
    expect(found).toMatchObject({ rows: String(2 * appended), events: String(2 * appended) })
    expect(readdirSync(join(data, 'spool'))).toEqual([])
  })
})
