import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { numberOf, spoolRecord } from '../../tools/testing/spool_records.ts'
import { readBootId } from './boot_id.ts'
import { endOwner, isAlive, processStart } from './owner.ts'
import { type Gap, openSegment, readSlice } from './reader.ts'
import { encodeRecord } from './record_codec.ts'
import { sealSegments } from './recovery.ts'
import { encodeSegmentHeader, segmentHeaderBytes, segmentName } from './segment.ts'

let directory: string
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'lightfoot-recovery-'))
})
afterEach(() => rmSync(directory, { recursive: true, force: true }))

const createdMs = Date.UTC(2026, 2, 1, 12)
const deadPid = 4_194_300
const records = [1, 2, 3].map(number => encodeRecord(spoolRecord(number)))
const [first, second, third] = records as [Buffer, Buffer, Buffer]

function header({ pid = deadPid, bootId = readBootId(), start = 1, slot = 0 } = {}): Buffer {
  return encodeSegmentHeader({ slot, pid, processStart: start, bootId, createdMs })
}

function put(parts: readonly Buffer[], { pid = deadPid, slot = 0, extension = 'open' } = {}): string {
  const path = join(directory, `${segmentName(createdMs, slot, pid)}.${extension}`)
  writeFileSync(path, Buffer.concat(parts))
  return path
}

async function read(
  path: string,
  isSealed: boolean,
): Promise<{ numbers: number[]; gaps: Gap[]; state: string }> {
  const handle = await openSegment(path)
  const numbers: number[] = []
  const gaps: Gap[] = []
  for (let at = 0; ; ) {
    const slice = await readSlice(handle!, at, { isSealed })
    numbers.push(...slice.records.map(({ record }) => numberOf(record)))
    if (slice.gap) gaps.push(slice.gap)
    at = slice.next
    if (slice.state === 'more') continue
    await handle!.close()
    return { numbers, gaps, state: slice.state }
  }
}

async function seal(): Promise<unknown> {
  const { outcomes } = await sealSegments({ directory })
  return [...outcomes.values()][0]
}

describe('reading and sealing', () => {
  it('cuts a torn tail at every byte of the last record', async () => {
    for (let length = 0; length < third.length; length++) {
      const path = put([header(), first, second, third.subarray(0, length)])
      expect(await read(path, false)).toMatchObject({ numbers: [1, 2], state: length === 0 ? 'end' : 'torn' })
      expect(await seal()).toEqual({ kind: 'sealed', cutBytes: length, isDamaged: false })
      const sealed = path.replace('.open', '.seg')
      expect(await read(sealed, true)).toEqual({ numbers: [1, 2], gaps: [], state: 'end' })
      expect(readFileSync(sealed).length).toBe(segmentHeaderBytes + first.length + second.length)
      rmSync(sealed)
    }
  })

  it('cuts zeros, as a power loss leaves them', async () => {
    put([header(), first, Buffer.alloc(4096)])
    expect(await seal()).toEqual({ kind: 'sealed', cutBytes: 4096, isDamaged: false })
  })

  it('reads around flipped bits, at every byte of a middle record', async () => {
    const from = segmentHeaderBytes + first.length
    const gap = { from, to: from + second.length }
    for (let at = 0; at < second.length; at++) {
      const damaged = Buffer.from(second)
      damaged[at]! ^= 0x10
      const path = put([header(), first, damaged, third], { extension: 'seg' })
      expect(await read(path, true)).toEqual({ numbers: [1, 3], gaps: [gap], state: 'end' })
    }
  })

  it('does not take damage in the middle for a torn tail', async () => {
    const damaged = Buffer.from(second).fill(0, 40, 50)
    const path = put([header(), first, damaged, third])
    expect(await read(path, false)).toMatchObject({ numbers: [1], state: 'torn' })
    expect(await seal()).toEqual({ kind: 'sealed', cutBytes: 0, isDamaged: true })
    expect(await read(path.replace('.open', '.seg'), true)).toMatchObject({ numbers: [1, 3] })
  })

  it('reports damage at the end of a sealed file', async () => {
    const path = put([header(), first, second.subarray(0, 50)], { extension: 'seg' })
    const from = segmentHeaderBytes + first.length
    expect(await read(path, true)).toEqual({ numbers: [1], gaps: [{ from, to: from + 50 }], state: 'end' })
  })

  it.each([
    ['no byte', () => []],
    ['half a header', () => [header().subarray(0, 30)]],
    ['a header', () => [header()]],
    ['half a record', () => [header(), first.subarray(0, 33)]],
  ])('removes a segment that holds nothing whole: %s', async (_, parts) => {
    put(parts())
    expect(await seal()).toMatchObject({ kind: 'empty' })
    expect(readdirSync(directory)).toEqual([])
  })

  it('leaves a newer format alone', async () => {
    const newer = header().fill(9, 8, 9)
    const path = put([newer, Buffer.from('who knows')])
    expect(await seal()).toEqual({ kind: 'newer' })
    expect(readFileSync(path)).toEqual(Buffer.concat([newer, Buffer.from('who knows')]))
  })

  it('keeps the records behind a damaged header', async () => {
    const path = put([header().fill(0xff, 30, 31), first, second])
    expect(await seal()).toMatchObject({ kind: 'sealed', isDamaged: true })
    expect(await read(path.replace('.open', '.seg'), true)).toMatchObject({ numbers: [1, 2] })
  })

  it('seals the same again after a crash between cutting and renaming', async () => {
    put([header(), first])
    expect(await seal()).toEqual({ kind: 'sealed', cutBytes: 0, isDamaged: false })
    expect(await seal()).toBeUndefined()
  })

  it('seals the others beside one that cannot be read', async () => {
    const folder = segmentName(createdMs - 1, 0, deadPid)
    mkdirSync(join(directory, `${folder}.open`))
    put([header(), first])
    const { outcomes, alive } = await sealSegments({ directory })
    expect([...outcomes]).toEqual([
      [folder, { kind: 'failed', code: 'EISDIR' }],
      [segmentName(createdMs, 0, deadPid), { kind: 'sealed', cutBytes: 0, isDamaged: false }],
    ])
    expect(alive).toEqual([])
  })

  it('reads on across slices', async () => {
    const many = Array.from({ length: 40 }, (_, number) => ({
      ...spoolRecord(number + 1),
      rows: Buffer.alloc(200_000),
    }))
    const path = put([header(), ...many.map(encodeRecord)], { extension: 'seg' })
    expect((await read(path, true)).numbers).toEqual(many.map(numberOf))
  })
})

describe('owners', () => {
  const start = processStart(process.pid)

  it.each([
    ['this process', { pid: process.pid, start }, 'alive'],
    ['a pid that nobody has', { pid: deadPid, start: 1 }, 'sealed'],
    ['another process with the same pid', { pid: process.pid, start: start + 1 }, 'sealed'],
    ['another boot', { pid: process.pid, start, bootId: '0f8fad5b-d9cb-469f-a165-70867728950e' }, 'sealed'],
    ['a system that tells no start', { pid: process.pid, start: 0 }, 'alive'],
  ])('%s', async (_, owner, wanted) => {
    put([header(owner), first], owner)
    const { outcomes, alive } = await sealSegments({ directory })
    expect([outcomes.size, alive.length]).toEqual(wanted === 'alive' ? [0, 1] : [1, 0])
  })

  it('seals only the slot that is asked for', async () => {
    put([header({ slot: 1 }), first], { slot: 1 })
    put([header({ slot: 2 }), first], { slot: 2 })
    const { outcomes } = await sealSegments({ directory, slot: 2 })
    expect([...outcomes.keys()]).toEqual([segmentName(createdMs, 2, deadPid)])
  })

  it('ends an orphan, and only the process that wrote', async () => {
    const child = spawn('sleep', ['60'])
    await once(child, 'spawn')
    const pid = child.pid!
    const owner = { pid, processStart: processStart(pid), bootId: readBootId() }
    expect(await endOwner({ ...owner, processStart: owner.processStart + 1 }, 0)).toBe(true)
    expect(isAlive(owner)).toBe(true)
    expect(await endOwner({ ...owner, processStart: 0 }, 0)).toBe(false)
    expect(isAlive(owner)).toBe(true)
    expect(await endOwner(owner, 5000)).toBe(true)
    expect(isAlive(owner)).toBe(false)
  })
})
