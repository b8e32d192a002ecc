// A segment that the disk does not give must not keep the others from being loaded.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { spoolRecord } from '../../tools/testing/spool_records.ts'
import { readBootId } from '../spool/boot_id.ts'
import { openSegment } from '../spool/reader.ts'
import { encodeRecord } from '../spool/record_codec.ts'
import { encodeSegmentHeader, segmentName } from '../spool/segment.ts'
import { createBatchWindow } from './batch_window.ts'
import { createGatherer } from './gather.ts'

const noon = Date.UTC(2026, 2, 1, 12)
let directory: string
let clock: number
let steady: number
/** Files that fail from this byte on, as where a sector is bad. */
let badFrom: Map<string, number>

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'lightfoot-gather-'))
  clock = noon + 60_000
  steady = 0
  badFrom = new Map()
})
afterEach(() => rmSync(directory, { recursive: true, force: true }))

/** Records of 100 KB each, so that a slice does not hold them all. */
function segment(createdMs: number, numbers: readonly number[]): string {
  const name = segmentName(createdMs, 1, 4711)
  const header = encodeSegmentHeader({ slot: 1, pid: 4711, processStart: 1, bootId: readBootId(), createdMs })
  const values = { path: `/${'x'.repeat(100_000)}` }
  const records = numbers.map(number => encodeRecord(spoolRecord(number, { values })))
  writeFileSync(join(directory, `${name}.seg`), Buffer.concat([header, ...records]))
  return name
}

const numbers = (from: number, count: number) => Array.from({ length: count }, (_, index) => from + index)

async function openFailing(path: string): ReturnType<typeof openSegment> {
  const handle = await openSegment(path)
  const read = handle?.read.bind(handle)
  if (!handle || !read) return handle
  const failing = async (buffer: Buffer, offset: number, length: number, position: number) => {
    const from = badFrom.get(path) ?? Number.POSITIVE_INFINITY
    if (position + length > from) throw Object.assign(new Error('i/o error'), { code: 'EIO' })
    return await read(buffer, offset, length, position)
  }
  return Object.assign(handle, { read: failing })
}

function gatherer() {
  return createGatherer({
    directory,
    window: createBatchWindow(),
    now: () => clock,
    steadyNow: () => steady,
    maxRows: 100_000,
    maxBytes: 64 * 1024 ** 2,
    open: openFailing,
  })
}

it('goes on with the others, keeps its place, and tries again later', async () => {
  const bad = segment(noon, numbers(1, 60))
  segment(noon + 1, numbers(101, 10))
  badFrom.set(join(directory, `${bad}.seg`), 5_000_000)
  const gathering = gatherer()
  await gathering.read()
  const before = gathering.take()
  expect(before?.rows).toBeGreaterThan(10)
  expect(before?.rows).toBeLessThan(60)
  expect(gathering.unreadable()).toEqual([{ segment: bad, code: 'EIO' }])
  expect(gathering.readUntil()).toBe(noon)
  expect(gathering.finished()).toHaveLength(1)

  badFrom.clear()
  steady += 29_999
  await gathering.read()
  expect(gathering.take()).toBeUndefined()
  steady += 1
  await gathering.read()
  expect((before?.rows ?? 0) + (gathering.take()?.rows ?? 0)).toBe(70)
  expect(gathering.unreadable()).toEqual([])
  expect(gathering.finished()).toHaveLength(2)
  expect(gathering.readUntil()).toBe(clock)
})

it('takes a folder with the name of a segment for one', async () => {
  const folder = segmentName(noon, 1, 1)
  mkdirSync(join(directory, `${folder}.seg`))
  segment(noon + 1, numbers(1, 3))
  const gathering = gatherer()
  await gathering.read()
  expect(gathering.take()?.rows).toBe(3)
  expect(gathering.unreadable()).toEqual([{ segment: folder, code: 'EISDIR' }])
  expect(gathering.finished()).toHaveLength(1)
})
