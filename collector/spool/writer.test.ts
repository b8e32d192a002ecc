import { constants, mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { numberOf, spoolRecord } from '../../tools/testing/spool_records.ts'
import { readBootId } from './boot_id.ts'
import { type FileOperations, fileOperations, type SegmentHandle } from './files.ts'
import { openSegment, readSlice } from './reader.ts'
import { recordBytesMax } from './record_codec.ts'
import { listSegments } from './recovery.ts'
import { openSpoolWriter, type SpoolWriterOptions, waitingBytesMax } from './writer.ts'

let directory: string
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'lightfoot-spool-'))
})
afterEach(() => rmSync(directory, { recursive: true, force: true }))

const noon = Date.UTC(2026, 2, 1, 12)

function open(options: Partial<SpoolWriterOptions> = {}) {
  return openSpoolWriter({
    directory,
    slot: 0,
    pid: process.pid,
    bootId: readBootId(),
    now: () => noon,
    ...options,
  })
}

async function storedNumbers(): Promise<number[]> {
  const numbers: number[] = []
  for (const { file, isSealed } of await listSegments(directory)) {
    const handle = await openSegment(join(directory, file))
    const { records } = await readSlice(handle!, 0, { isSealed })
    numbers.push(...records.map(({ record }) => numberOf(record)))
    await handle!.close()
  }
  return numbers
}

type Written = ReturnType<SegmentHandle['write']>

/** The real disk, with a say in each operation of a segment's file. */
function watched(watch: {
  write?: (real: () => Written, handle: SegmentHandle, buffers: readonly Buffer[]) => Written
  create?: (real: () => Promise<SegmentHandle>) => Promise<SegmentHandle>
}): FileOperations {
  const { write = real => real(), create = real => real() } = watch
  return {
    ...fileOperations,
    create: path =>
      create(async () => {
        const handle = await fileOperations.create(path)
        return {
          write: buffers => write(() => handle.write(buffers), handle, buffers),
          close: () => handle.close(),
        }
      }),
  }
}

function linkOf(descriptor: string): string {
  try {
    return readlinkSync(`/proc/self/fd/${descriptor}`)
  } catch {
    return '' // that of the listing itself, closed by now
  }
}

const failure = (code: string) => Object.assign(new Error(code), { code })

describe('spool writer', () => {
  it('commits all that wait in one group', async () => {
    const writer = await open()
    await Promise.all(Array.from({ length: 500 }, (_, number) => writer.append(spoolRecord(number + 1))))
    expect(writer.stats()).toMatchObject({ records: 500, groups: 1, largestGroup: 500, segmentsOpened: 1 })
    await writer.close()
    expect(await storedNumbers()).toEqual(Array.from({ length: 500 }, (_, number) => number + 1))
  })

  // On Linux; elsewhere each write is followed by fdatasync.
  it.runIf(process.platform === 'linux')('writes to a file whose writes end on the disk', async () => {
    const writer = await open()
    await writer.append(spoolRecord(1))
    const descriptor = readdirSync('/proc/self/fd').find(name => linkOf(name).startsWith(directory))
    const [, flags = ''] =
      /^flags:\s+(\d+)$/m.exec(readFileSync(`/proc/self/fdinfo/${descriptor}`, 'utf8')) ?? []
    expect(Number.parseInt(flags, 8) & constants.O_DSYNC).toBe(constants.O_DSYNC)
    await writer.close()
  })

  it('acknowledges only after the write', async () => {
    let release: (() => void) | undefined
    const gate = new Promise<void>(resolve => {
      release = resolve
    })
    const order: string[] = []
    const files = watched({
      write: async real => {
        await gate
        const bytes = await real()
        order.push('written')
        return bytes
      },
    })
    const writer = await open({ files })
    const appended = writer.append(spoolRecord(1)).then(() => order.push('acknowledged'))
    await sleep(50)
    expect(order).toEqual([])
    release?.()
    await appended
    expect(order).toEqual(['written', 'acknowledged'])
    await writer.close()
  })

  it.each<[string, Parameters<typeof watched>[0], string]>([
    [
      'EIO after all was taken',
      { write: real => real().then(() => Promise.reject(failure('EIO'))) },
      'write_failed',
    ],
    ['EIO at once', { write: () => Promise.reject(failure('EIO')) }, 'write_failed'],
    ['ENOSPC', { write: () => Promise.reject(failure('ENOSPC')) }, 'spool_full'],
    ['ENOSPC when a segment is created', { create: () => Promise.reject(failure('ENOSPC')) }, 'spool_full'],
    ['a disk that takes nothing', { write: () => Promise.resolve(0) }, 'spool_full'],
  ])('rejects what waited for it, then opens a new segment: %s', async (_, fault, code) => {
    let isBroken = true
    const files = watched({
      write: (real, ...what) => (isBroken && fault.write ? fault.write(real, ...what) : real()),
      create: real => (isBroken && fault.create ? fault.create(real) : real()),
    })
    const writer = await open({ files })
    await expect(writer.append(spoolRecord(1))).rejects.toMatchObject({ name: 'SpoolError', code })
    isBroken = false
    await writer.append(spoolRecord(2))
    expect(writer.stats()).toMatchObject({ records: 1, rejected: 1, failedGroups: 1 })
    await writer.close()
    expect(await storedNumbers()).toContain(2)
    // All is sealed: nothing stays behind for the next start.
    expect((await listSegments(directory)).every(({ isSealed }) => isSealed)).toBe(true)
  })

  it('never writes to a segment again after a write failed', async () => {
    let writes = 0
    const files = watched({
      write: async real => {
        const bytes = await real()
        if (++writes === 2) throw failure('EIO')
        return bytes
      },
    })
    const writer = await open({ files })
    await writer.append(spoolRecord(1))
    await expect(writer.append(spoolRecord(2))).rejects.toMatchObject({ code: 'write_failed' })
    await writer.append(spoolRecord(3))
    await writer.append(spoolRecord(4))
    await writer.close()
    expect(writer.stats().segmentsOpened).toBe(2)
    const [first, second] = readdirSync(directory).sort()
    expect(readFileSync(join(directory, first!)).includes('\t3\t')).toBe(false)
    expect(first).not.toBe(second)
    expect(await storedNumbers()).toEqual(expect.arrayContaining([1, 3, 4]))
  })

  it('goes on when the disk takes a group in parts', async () => {
    const files = watched({
      write: (_, handle, buffers) => handle.write([Buffer.concat(buffers).subarray(0, 100)]),
    })
    const writer = await open({ files })
    await Promise.all([1, 2, 3].map(number => writer.append(spoolRecord(number))))
    await writer.close()
    expect(await storedNumbers()).toEqual([1, 2, 3])
  })

  it('cuts what a failed write left and keeps what was acknowledged', async () => {
    let writes = 0
    const files = watched({
      write: async (real, handle, buffers) => {
        if (++writes !== 2) return real()
        await handle.write([Buffer.concat(buffers).subarray(0, 40)])
        throw failure('EIO')
      },
    })
    const writer = await open({ files })
    await writer.append(spoolRecord(1))
    await expect(writer.append(spoolRecord(2))).rejects.toMatchObject({ code: 'write_failed' })
    await writer.append(spoolRecord(3))
    await writer.close()
    expect(await storedNumbers()).toEqual([1, 3])
  })

  it('leaves a disk that keeps failing alone for a while, and comes back', async () => {
    let isBroken = true
    let creates = 0
    let clock = noon
    const files = watched({
      create: real => {
        creates++
        return isBroken ? Promise.reject(failure('ENOSPC')) : real()
      },
    })
    const writer = await open({ files, now: () => clock })
    for (let number = 1; number <= 20; number++) await writer.append(spoolRecord(number)).catch(() => {})
    expect(creates).toBe(2)
    expect(writer.isReady()).toBe(false)
    isBroken = false
    clock += 1000
    expect(writer.isReady()).toBe(true)
    await writer.append(spoolRecord(21))
    await writer.close()
    expect(await storedNumbers()).toEqual([21])
  })

  it('comes back though the clock was set back meanwhile', async () => {
    let isBroken = true
    let clock = noon
    let steady = 0
    const files = watched({ create: real => (isBroken ? Promise.reject(failure('ENOSPC')) : real()) })
    const writer = await open({ files, now: () => clock, steadyNow: () => steady })
    for (let number = 1; number <= 5; number++) await writer.append(spoolRecord(number)).catch(() => {})
    expect(writer.isReady()).toBe(false)
    isBroken = false
    clock -= 72 * 3_600_000
    steady += 1000
    expect(writer.isReady()).toBe(true)
    await writer.close()
  })

  it('rolls by size', async () => {
    const writer = await open({ rollBytes: 1000 })
    for (let number = 1; number <= 10; number++) await writer.append(spoolRecord(number, { rowCount: 2 }))
    await writer.close()
    expect(writer.stats().segmentsOpened).toBeGreaterThan(3)
    expect(await storedNumbers()).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])
  })

  it('uses no name twice, though the clock stands still and the loader has removed the file', async () => {
    const writer = await open({ rollBytes: 1 })
    const names = new Set<string>()
    for (let number = 1; number <= 20; number++) {
      await writer.append(spoolRecord(number))
      for (const { segment } of await listSegments(directory)) names.add(segment)
      for (const { file, isSealed } of await listSegments(directory)) {
        if (isSealed) rmSync(join(directory, file))
      }
    }
    await writer.close()
    expect(names.size).toBe(20)
  })

  it.each([
    ['age', noon, noon + 60_000],
    ['UTC midnight', Date.UTC(2026, 2, 1, 23, 59, 59, 990), Date.UTC(2026, 2, 2, 0, 0, 0, 1)],
    ['a clock set back over midnight', Date.UTC(2026, 2, 2, 0, 0, 1), Date.UTC(2026, 2, 1, 23, 59)],
  ])('rolls by %s', async (_, before, after) => {
    let clock = before
    const writer = await open({ now: () => clock })
    await writer.append(spoolRecord(1))
    clock = after
    await writer.append(spoolRecord(2))
    await writer.close()
    expect(await listSegments(directory)).toHaveLength(2)
  })

  it('seals a segment by age also when nothing more comes', async () => {
    const writer = await open({ rollMs: 30 })
    await writer.append(spoolRecord(1))
    expect((await listSegments(directory)).map(({ isSealed }) => isSealed)).toEqual([false])
    await expect
      .poll(async () => (await listSegments(directory)).map(({ isSealed }) => isSealed))
      .toEqual([true])
    await writer.close()
  })

  it('bounds what waits, and what a record may be', async () => {
    const writer = await open()
    const large = { ...spoolRecord(1), rows: Buffer.alloc(recordBytesMax - 32) }
    const appends = Array.from({ length: waitingBytesMax / recordBytesMax + 1 }, () => writer.append(large))
    const outcomes = await Promise.allSettled(appends)
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(
      waitingBytesMax / recordBytesMax,
    )
    expect(outcomes.at(-1)).toMatchObject({ reason: { code: 'spool_busy' } })
    const tooLarge = { ...large, rows: Buffer.alloc(recordBytesMax) }
    await expect(writer.append(tooLarge)).rejects.toMatchObject({ code: 'record_too_large' })
    await writer.close()
  })

  it('refuses when there is no room, and when it is closed', async () => {
    let hasRoom = false
    const writer = await open({ allow: () => hasRoom })
    await expect(writer.append(spoolRecord(1))).rejects.toMatchObject({ code: 'spool_full' })
    expect(writer.isReady()).toBe(false)
    hasRoom = true
    const last = writer.append(spoolRecord(2))
    const closed = writer.close()
    await expect(writer.append(spoolRecord(3))).rejects.toMatchObject({ code: 'spool_closed' })
    await Promise.all([last, closed])
    expect(await storedNumbers()).toEqual([2])
  })
})
