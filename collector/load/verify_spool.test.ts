import { appendFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { forgeSegment } from '../../tools/testing/forge_segment.ts'
import { spoolRecord } from '../../tools/testing/spool_records.ts'
import { readBootId } from '../spool/boot_id.ts'
import { encodeRecord } from '../spool/record_codec.ts'
import { segmentHeaderBytes } from '../spool/segment.ts'
import { openSpoolWriter } from '../spool/writer.ts'
import { type Manifest, writeManifest } from './manifest.ts'
import { spoolBytes, type VerifiedFile, verifySpool } from './verify_spool.ts'

let data: string
const within = (name: string) => join(data, name)
beforeEach(() => {
  data = mkdtempSync(join(tmpdir(), 'lightfoot-verify-'))
})
afterEach(() => rmSync(data, { recursive: true, force: true }))

async function verify(onBytes?: (bytes: number) => void): Promise<VerifiedFile[]> {
  const files: VerifiedFile[] = []
  for await (const file of verifySpool(data, onBytes)) files.push(file)
  return files
}

/** Three records in a segment, as an acceptor leaves it; `open` as one that was killed does. */
function forged(extension: 'seg' | 'open', change: (bytes: Buffer) => Buffer): void {
  const file = join(
    within('spool'),
    forgeSegment(
      within('spool'),
      [1, 2, 3].map(number => spoolRecord(number)),
    ),
  )
  const bytes = change(readFileSync(file))
  rmSync(file)
  writeFileSync(file.replace(/seg$/, extension), bytes)
}

const length = encodeRecord(spoolRecord(1)).length
const end = segmentHeaderBytes + 3 * length
const flip = (at: number) => (bytes: Buffer) => {
  bytes[at]! ^= 0xff
  return bytes
}
const secondRecord = segmentHeaderBytes + length + 50

describe('a segment', () => {
  it.each<[string, 'seg' | 'open', (bytes: Buffer) => Buffer, Partial<VerifiedFile>]>([
    ['sealed and whole', 'seg', bytes => bytes, { state: 'whole', items: 3, bytes: end, note: '' }],
    ['open and whole', 'open', bytes => bytes, { state: 'whole', items: 3 }],
    [
      'with a header only',
      'seg',
      bytes => bytes.subarray(0, segmentHeaderBytes),
      { state: 'whole', items: 0 },
    ],
    ['open, without a byte', 'open', () => Buffer.alloc(0), { state: 'torn', items: 0 }],
    ['open, its last record begun', 'open', bytes => bytes.subarray(0, -5), { state: 'torn', items: 2 }],
    ['sealed, its last record cut', 'seg', bytes => bytes.subarray(0, -5), { state: 'damaged', items: 2 }],
    ['sealed, without a byte', 'seg', () => Buffer.alloc(0), { state: 'damaged', items: 0 }],
    ['sealed, flipped in the middle', 'seg', flip(secondRecord), { state: 'damaged', items: 2 }],
    ['open, flipped in the middle', 'open', flip(secondRecord), { state: 'damaged', items: 2 }],
    ['with a flipped header', 'seg', flip(20), { state: 'damaged', items: 3 }],
    ['of a newer format', 'seg', bytes => bytes.fill(9, 8, 9), { state: 'newer', items: 0 }],
  ])('%s', async (_, extension, change, wanted) => {
    forged(extension, change)
    expect(await verify()).toMatchObject([wanted])
  })

  it('with rows of a newer version', async () => {
    forgeSegment(within('spool'), [spoolRecord(1), { ...spoolRecord(2), rowVersion: 99 }])
    expect(await verify()).toMatchObject([{ state: 'newer', items: 2 }])
  })

  it('cannot be read, and the next one can', async () => {
    mkdirSync(join(within('spool'), '1700000000000-1-4711.seg'), { recursive: true })
    forged('seg', bytes => bytes)
    expect(await verify()).toMatchObject([
      { file: 'spool/1700000000000-1-4711.seg', state: 'damaged', note: 'cannot be read (EISDIR)' },
      { state: 'whole', items: 3 },
    ])
  })

  it('says where the damage is, and nothing of what is there', async () => {
    forged('seg', flip(secondRecord))
    const [file] = await verify()
    expect(file?.note).toBe(`damaged: ${length} bytes from ${segmentHeaderBytes + length}`)
  })
})

it('is never called damaged while a writer appends to it', async () => {
  const writer = await openSpoolWriter({
    directory: within('spool'),
    slot: 1,
    pid: process.pid,
    bootId: readBootId(),
    now: Date.now,
    rollBytes: 200_000,
  })
  let isDone = false
  const writing = (async () => {
    for (let number = 1; number <= 600; number++) {
      await Promise.all([1, 2, 3].map(part => writer.append(spoolRecord(number * 3 + part, { rowCount: 5 }))))
    }
    isDone = true
  })()
  const states = new Set<string>()
  let looks = 0
  while (!isDone) {
    for (const { state } of await verify()) states.add(state)
    looks++
  }
  await writing
  await writer.close()
  expect(looks).toBeGreaterThan(3)
  expect([...states].filter(state => state !== 'whole' && state !== 'torn')).toEqual([])
  const files = await verify()
  expect(files.reduce((sum, { items }) => sum + items, 0)).toBe(1800)
})

it('reads in slices, and tells how far it is', async () => {
  const large = spoolRecord(1, { rowCount: 60, values: { path: `/${'x'.repeat(4000)}` } })
  forgeSegment(within('spool'), new Array(40).fill(large))
  const total = await spoolBytes(data)
  let read = 0
  let steps = 0
  expect(
    await verify(bytes => {
      read += bytes
      steps++
    }),
  ).toMatchObject([{ state: 'whole', items: 40 }])
  expect(steps).toBeGreaterThan(1)
  expect(read).toBe(total - segmentHeaderBytes)
})

describe('beside the segments', () => {
  const manifest = (segment: string, to: number): Manifest => ({
    ...{
      load: 1_000_000_000,
      received: '2026-03-01',
      rowVersion: 1,
      rows: 3,
      crc32: 0,
      days: [],
      rejected: [],
      bootId: 'b',
    },
    ranges: [{ segment, from: segmentHeaderBytes, to, skipped: [], hashes: '' }],
  })

  it.each([
    ['as far as its segment', 0, 'whole'],
    ['beyond the end of its segment', 1, 'damaged'],
  ])('a manifest %s', async (_, more, state) => {
    const segment = forgeSegment(
      within('spool'),
      [1, 2, 3].map(number => spoolRecord(number)),
    )
    mkdirSync(within('loads'))
    await writeManifest(within('loads'), manifest(segment.replace('.seg', ''), end + more))
    expect((await verify()).map(file => file.state)).toEqual(['whole', state])
  })

  it('a manifest of a segment that is loaded and gone', async () => {
    mkdirSync(within('loads'))
    await writeManifest(within('loads'), manifest('1700000000000-1-4711', 500))
    expect(await verify()).toMatchObject([{ file: 'loads/1000000000.json', state: 'whole', items: 1 }])
  })

  it('manifests and reject files that are not whole, and what an earlier start put aside', async () => {
    for (const folder of ['loads', 'rejects', 'spool/quarantine'])
      mkdirSync(within(folder), { recursive: true })
    appendFileSync(within('loads/1000000001.json'), '{"load":')
    appendFileSync(within('loads/1000000002.json.bad'), '')
    appendFileSync(within('rejects/1000000003.ndjson'), '{"load":1000000003,"received":"2026-03-01"}\n')
    appendFileSync(within('spool/quarantine/1700000000000-1-4711.seg'), 'x')
    expect((await verify()).map(({ file, state }) => [file, state])).toEqual([
      ['loads/1000000001.json', 'damaged'],
      ['rejects/1000000003.ndjson', 'damaged'],
      ['spool/quarantine/1700000000000-1-4711.seg', 'aside'],
      ['loads/1000000002.json.bad', 'aside'],
    ])
  })

  it('nothing at all', async () => {
    expect(await verify()).toEqual([])
    expect(await spoolBytes(data)).toBe(0)
  })
})
