import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { spoolRecord } from '../../tools/testing/spool_records.ts'
import { readBootId } from '../spool/boot_id.ts'
import { openSegment, readSlice } from '../spool/reader.ts'
import { listSegments } from '../spool/recovery.ts'
import { openSpoolWriter } from '../spool/writer.ts'
import { writeConfirmed } from './confirmed.ts'
import { writeManifest } from './manifest.ts'
import { writeRejects } from './rejects.ts'
import { spoolStatus, unreadableSegments } from './spool_status.ts'

const noon = Date.UTC(2026, 2, 1, 12)
let data: string
beforeEach(() => {
  data = mkdtempSync(join(tmpdir(), 'lightfoot-status-'))
})
afterEach(() => rmSync(data, { recursive: true, force: true }))

const nothing = {
  segments: 0,
  bytes: 0,
  oldestSeconds: 0,
  quarantined: 0,
  rejects: 0,
  rejectedRows: 0,
  rejectReason: '',
}

it('is nothing before the first start', async () => {
  expect(await spoolStatus(data, noon)).toEqual(nothing)
})

it('counts what waits behind the manifests, what is put aside, what was refused', async () => {
  const spool = join(data, 'spool')
  const writer = await openSpoolWriter({
    directory: spool,
    slot: 0,
    pid: process.pid,
    bootId: readBootId(),
    now: () => noon,
  })
  for (const number of [1, 2, 3]) await writer.append(spoolRecord(number, { rowCount: 2 }))
  const [name] = await listSegments(spool)
  const handle = await openSegment(join(spool, name!.file))
  const [first] = (await readSlice(handle!, 0, { isSealed: false })).records
  await handle!.close()
  const load = { load: 1_000_000_000, received: '2026-03-01', rowVersion: 1 }
  const range = { segment: name!.segment, from: first!.offset, to: first!.end, skipped: [], hashes: '' }
  mkdirSync(join(data, 'loads'))
  await writeManifest(join(data, 'loads'), {
    ...load,
    ranges: [range],
    rows: 2,
    crc32: 0,
    days: [],
    rejected: [0],
    bootId: 'b',
  })
  await writeConfirmed(join(data, 'loads'), { load: load.load, bootId: 'b' })
  const waiting = { segments: 1, bytes: 64 + writer.stats().bytes - first!.end, oldestSeconds: 5 }
  expect(await spoolStatus(data, noon + 5000)).toEqual({ ...nothing, ...waiting })

  const reject = { row: 0, reason: 'ClickHouse: CANNOT_PARSE_DATE (code 38)', bytes: 'eAo=' }
  await writeRejects(join(data, 'rejects'), load, [reject], { isMore: false })
  mkdirSync(join(spool, 'quarantine'))
  writeFileSync(join(spool, 'quarantine', 'x.seg'), '')
  const aside = { quarantined: 1, rejects: 1, rejectedRows: 1, rejectReason: reject.reason }
  expect(await spoolStatus(data, noon + 5000)).toEqual({ ...nothing, ...waiting, ...aside })
  await writer.close()
})

it('counts a load as waiting until it is confirmed; then a live segment that is loaded to its end is nothing', async () => {
  const writer = await openSpoolWriter({
    directory: join(data, 'spool'),
    slot: 0,
    pid: process.pid,
    bootId: readBootId(),
    now: () => noon,
  })
  await writer.append(spoolRecord(1))
  const [name] = await listSegments(join(data, 'spool'))
  const range = { segment: name!.segment, from: 64, to: 64 + writer.stats().bytes, skipped: [], hashes: '' }
  mkdirSync(join(data, 'loads'))
  const load = { load: 1_000_000_000, received: '2026-03-01', rowVersion: 1, rows: 1, crc32: 0, bootId: 'b' }
  await writeManifest(join(data, 'loads'), { ...load, ranges: [range], days: [], rejected: [] })
  const waiting = { segments: 1, bytes: writer.stats().bytes, oldestSeconds: 5 }
  expect(await spoolStatus(data, noon + 5000)).toEqual({ ...nothing, ...waiting })
  for (const text of ['', '{"load":', '{"load":"1"}', '7']) {
    writeFileSync(join(data, 'loads/confirmed'), text)
    expect(await spoolStatus(data, noon + 5000)).toEqual({ ...nothing, ...waiting })
  }
  await writeConfirmed(join(data, 'loads'), { load: load.load - 1, bootId: 'b' })
  expect(await spoolStatus(data, noon + 5000)).toEqual({ ...nothing, ...waiting })
  await writeConfirmed(join(data, 'loads'), { load: load.load, bootId: 'b' })
  expect(await spoolStatus(data, noon + 5000)).toEqual(nothing)
  await writer.close()
})

it('names segments that cannot be read', async () => {
  expect(await unreadableSegments(data)).toEqual([])
  mkdirSync(join(data, 'spool/1700000000000-1-4711.seg'), { recursive: true })
  writeFileSync(join(data, 'spool/1700000000001-1-4711.seg'), 'short')
  expect(await unreadableSegments(data)).toEqual([{ segment: '1700000000000-1-4711', code: 'EISDIR' }])
})
