import {
  appendFileSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { dayFromToday, eventRow, spoolRecord } from '../../tools/testing/spool_records.ts'
import { packageRoot } from '../config/package_root.ts'
import { firstLoad } from '../pipeline/row_columns.ts'
import { readBootId } from '../spool/boot_id.ts'
import type { SpoolRecord } from '../spool/record.ts'
import { encodeRecord } from '../spool/record_codec.ts'
import { encodeSegmentHeader, segmentHeaderBytes, segmentName } from '../spool/segment.ts'
import { migrate } from '../store/migrate.ts'
import { openStore } from '../store/open_store.ts'
import { type Store, StoreError } from '../store/store.ts'
import { createLoader, type LoaderOptions } from './loader.ts'
import { parseManifest } from './manifest.ts'
import { readRejects, writeRejects } from './rejects.ts'
import { spoolStatus } from './spool_status.ts'

const today = dayFromToday(0)
const noon = Date.parse(`${today}T12:00:00Z`)

let store: Store
let data: string
let clock: number
let marked: { days: string[]; load: number }[]
const database = mkdtempSync(join(tmpdir(), 'lightfoot-loader-db-'))

beforeAll(async () => {
  store = await openStore({ dataDirectory: database, clickhouseUrl: undefined })
  await migrate(store, { directory: join(packageRoot(), 'migrations') })
})
afterAll(async () => {
  await store.close()
  rmSync(database, { recursive: true, force: true })
})
beforeEach(async () => {
  await store.command('truncate table events')
  data = mkdtempSync(join(tmpdir(), 'lightfoot-loader-'))
  mkdirSync(within('spool'))
  clock = noon
  marked = []
})
afterEach(() => rmSync(data, { recursive: true, force: true }))

const within = (name: string) => join(data, name)

function loader(options: Partial<LoaderOptions> = {}) {
  return createLoader({
    store,
    spoolDirectory: within('spool'),
    loadsDirectory: within('loads'),
    rejectsDirectory: within('rejects'),
    now: () => clock,
    maxAgeMs: 0,
    onLoaded: async (days, load) => {
      marked.push({ days, load })
    },
    ...options,
  })
}

/** A segment as a writer leaves it; gives its name. */
function segment(
  records: readonly SpoolRecord[],
  {
    createdMs = noon,
    slot = 0,
    extension = 'seg',
  }: { createdMs?: number; slot?: number; extension?: string } = {},
): string {
  const name = segmentName(createdMs, slot, 4711)
  const header = encodeSegmentHeader({ slot, pid: 4711, processStart: 1, bootId: readBootId(), createdMs })
  writeFileSync(
    join(within('spool'), `${name}.${extension}`),
    Buffer.concat([header, ...records.map(encodeRecord)]),
  )
  return name
}

const batches = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, index) => spoolRecord(from + index, { rowCount: 2 }))

/** Ticks until nothing happens, through pauses after failures too. */
async function run(running: { tick(): Promise<boolean> }): Promise<void> {
  for (let quiet = 0; quiet < 4; quiet++) {
    if (await running.tick()) quiet = 0
    clock += 31_000
  }
}

async function loaded(): Promise<{ rows: number; events: number; loads: string[] }> {
  const [counted] = await store.query<{ rows: string; events: string }>(
    'select count() as rows, uniqExact(site, page, seq) as events from events',
  )
  const loads = await store.query<{ load: string }>('select distinct load from events order by load')
  return {
    rows: Number(counted?.rows),
    events: Number(counted?.events),
    loads: loads.map(({ load }) => load),
  }
}

const loadNumbers = (...numbers: number[]) => numbers.map(number => String(firstLoad + number))
const manifestOf = (number: number) => join(within('loads'), `${firstLoad + number}.json`)
const spooled = () => readdirSync(within('spool')).filter(file => file !== 'quarantine')

/** The real store with a say in each insert into `events`. */
function watched(insert: (real: () => Promise<void>) => Promise<void>): Store {
  return {
    ...store,
    insert: (table, columns, rows, token) => {
      const real = () => store.insert(table, columns, rows, token)
      return table === 'events' ? insert(real) : real()
    },
  }
}

const unavailable = () => Promise.reject(new StoreError('unavailable', 'the database did not answer', 0))

describe('loader', () => {
  it('loads what the spool holds, once, marks its days and removes what is done', async () => {
    const late = spoolRecord(9, { values: { day: dayFromToday(-1) } })
    segment([...batches(1, 3), late])
    segment(batches(4, 5), { slot: 1 })
    const running = loader()
    await running.recover()
    await run(running)
    expect(await loaded()).toEqual({ rows: 11, events: 11, loads: loadNumbers(0) })
    expect(marked).toEqual([{ days: [dayFromToday(-1), today], load: firstLoad }])
    expect(spooled()).toEqual([])
    expect(running.status()).toMatchObject({
      state: 'idle',
      lastLoad: firstLoad,
      loads: 1,
      rows: 11,
      drops: {},
    })
    await run(loader())
    expect((await loaded()).rows).toBe(11)
  })

  it('waits for enough rows or enough time', async () => {
    segment(batches(1, 3))
    const running = loader({ minRows: 8, maxAgeMs: 2000 })
    expect(await running.tick()).toBe(false)
    clock += 1999
    expect(await running.tick()).toBe(false)
    expect(running.status()).toMatchObject({ state: 'gathering', waitingRows: 6 })
    segment(batches(4, 4), { slot: 1 })
    expect(await running.tick()).toBe(true)
    segment(batches(5, 5), { slot: 2 })
    expect(await running.tick()).toBe(false)
    clock += 2000
    expect(await running.tick()).toBe(true)
    expect(await loaded()).toEqual({ rows: 10, events: 10, loads: loadNumbers(0, 1) })
  })

  it.each([
    ['rows', { maxRows: 4 }],
    ['bytes', { maxBytes: 2 * eventRow().length * 2 + 50 }],
  ])('bounds a load by %s', async (_, bound) => {
    segment(batches(1, 5))
    await run(loader(bound))
    expect(await loaded()).toEqual({ rows: 10, events: 10, loads: loadNumbers(0, 1, 2) })
  })

  it('puts each day of receipt into a load of its own, though one segment holds both', async () => {
    const next = { received: dayFromToday(-1) }
    segment([
      spoolRecord(1),
      spoolRecord(2, { values: next }),
      spoolRecord(3),
      spoolRecord(4, { values: next }),
    ])
    await run(loader())
    const perLoad = await store.query(
      'select load, uniqExact(received) as days from events group by load order by load',
    )
    expect(perLoad).toEqual(loadNumbers(0, 1, 2, 3).map(load => ({ load, days: '1' })))
  })

  it('follows a live segment, and leaves a record that is not whole until it is', async () => {
    const [first, second] = batches(1, 2).map(encodeRecord) as [Buffer, Buffer]
    const file = join(within('spool'), `${segment([], { extension: 'open' })}.open`)
    const running = loader()
    appendFileSync(file, first)
    appendFileSync(file, second.subarray(0, 100))
    await run(running)
    expect((await loaded()).rows).toBe(2)
    appendFileSync(file, second.subarray(100))
    await run(running)
    expect(await loaded()).toEqual({ rows: 4, events: 4, loads: loadNumbers(0, 1) })
    expect(spooled()).toHaveLength(1)
  })
})

describe('loader: repeats', () => {
  it('drops a batch seen before: in the same load, in another, and after a restart', async () => {
    segment([spoolRecord(1, { rowCount: 2 }), spoolRecord(1, { rowCount: 2 })])
    const before = loader()
    await run(before)
    segment(batches(1, 2), { createdMs: noon + 60_000, slot: 1 })
    await run(before)
    expect(before.status().drops).toMatchObject({ duplicate: 4 })
    const after = loader()
    segment(batches(1, 3), { createdMs: noon + 9 * 60_000, slot: 2 })
    await run(after)
    expect(after.status().drops).toMatchObject({ duplicate: 4 })
    expect(await loaded()).toMatchObject({ rows: 6, events: 6 })
    expect(spooled()).toEqual([])
  })

  it('takes a batch again after the window, and keeps no manifest for longer', async () => {
    segment(batches(1, 1))
    await run(loader())
    segment(batches(3, 3), { createdMs: noon + 7 * 60_000 })
    await run(loader())
    segment(batches(1, 2), { createdMs: noon + 13 * 60_000 })
    await run(loader())
    expect(await loaded()).toMatchObject({ rows: 8, events: 6 })
    const manifests = readdirSync(within('loads')).filter(file => file !== 'confirmed')
    expect(manifests).toEqual([1, 2].map(number => `${firstLoad + number}.json`))
  })

  it('drops a repeat although the clock was set meanwhile, and the loader started again', async () => {
    for (const [index, hours] of [0, 26, -2, -72, 0].entries()) {
      segment(batches(1, 2 + index), { createdMs: noon + hours * 3_600_000 + index })
      await run(loader())
      expect(await loaded()).toMatchObject({ rows: 4 + 2 * index, events: 4 + 2 * index })
    }
  })

  it('never takes records without a batch id for repeats', async () => {
    segment([1, 2].map(number => spoolRecord(number, { batchHash: 0n })))
    await run(loader())
    expect((await loaded()).rows).toBe(2)
  })
})

describe('loader: failures', () => {
  it('waits for a database that is away, for ever, and loses nothing', async () => {
    segment(batches(1, 3))
    let isAway = true
    const running = loader({
      store: {
        ...watched(real => (isAway ? unavailable() : real())),
        query: (...args) => (isAway ? unavailable() : store.query(...args)),
      },
    })
    await running.recover()
    expect(running.status()).toMatchObject({ state: 'retrying', problem: { attempts: 1, since: noon } })
    for (let attempt = 0; attempt < 20; attempt++) {
      clock += 30_000
      expect(await running.tick()).toBe(false)
    }
    expect(running.status().problem).toMatchObject({ attempts: 21, message: 'the database did not answer' })
    isAway = false
    await run(running)
    expect(await loaded()).toEqual({ rows: 6, events: 6, loads: loadNumbers(0) })
    expect(running.status().problem).toBeUndefined()
  })

  it('says in files that rows wait until they are in, and that nothing waits behind them', async () => {
    segment(batches(1, 3), { extension: 'open' })
    let isAway = true
    const running = loader({ store: watched(real => (isAway ? unavailable() : real())) })
    await run(running)
    expect(existsSync(manifestOf(0))).toBe(true)
    const waiting = { segments: 1, bytes: 3 * encodeRecord(spoolRecord(1, { rowCount: 2 })).length }
    expect(await spoolStatus(data, clock)).toMatchObject(waiting)
    expect(running.status().loadedUntil).toBeUndefined()
    isAway = false
    await run(running)
    expect(await spoolStatus(data, clock)).toMatchObject({ segments: 0, bytes: 0, oldestSeconds: 0 })
    await run(loader())
    expect(await spoolStatus(data, clock)).toMatchObject({ segments: 0, bytes: 0 })
  })

  it('loads the others beside a segment that cannot be read, and says so once', async () => {
    const folder = segmentName(noon - 60_000, 3, 4711)
    mkdirSync(join(within('spool'), `${folder}.seg`))
    segment(batches(1, 3))
    const notes: string[] = []
    const running = loader({ note: line => notes.push(line) })
    await run(running)
    expect(await loaded()).toEqual({ rows: 6, events: 6, loads: loadNumbers(0) })
    expect(spooled()).toEqual([`${folder}.seg`])
    expect(running.status()).toMatchObject({
      problem: undefined,
      unreadableSegments: [{ segment: folder, code: 'EISDIR' }],
      loadedUntil: noon - 60_000,
    })
    expect(notes).toEqual([expect.stringContaining(`${folder} cannot be read (EISDIR)`)])
  })

  it('is not held up by a load in doubt whose segment cannot be read any more', async () => {
    const names = [segment(batches(1, 3)), segment(batches(4, 5), { slot: 1 })]
    await loader({ onStep: step => step === 'manifest' && crash() }).tick()
    const file = join(within('spool'), `${names[0]}.seg`)
    renameSync(file, join(data, 'aside'))
    mkdirSync(file)
    const running = loader()
    await run(running)
    expect(await loaded()).toEqual({ rows: 4, events: 4, loads: loadNumbers(1) })
    rmSync(file, { recursive: true })
    renameSync(join(data, 'aside'), file)
    await run(running)
    expect(await loaded()).toEqual({ rows: 10, events: 10, loads: loadNumbers(1, 2) })
    expect(spooled()).toEqual([])
  })

  it('comes when its pause is over, though the clock was set back by three days meanwhile', async () => {
    segment(batches(1, 2))
    let isAway = true
    let steady = 0
    const running = loader({
      store: watched(real => (isAway ? unavailable() : real())),
      steadyNow: () => steady,
    })
    while (running.status().problem === undefined) await running.tick()
    isAway = false
    clock -= 72 * 3_600_000
    steady += 30_000
    while ((await loaded()).rows === 0) expect(await running.tick()).toBe(true)
    expect(await loaded()).toMatchObject({ rows: 4, events: 4 })
  })

  it('does not come before its pause is over', async () => {
    segment(batches(1, 1))
    let inserts = 0
    const running = loader({
      store: watched(() => {
        inserts++
        return unavailable()
      }),
    })
    for (let tick = 0; tick < 100; tick++) {
      await running.tick()
      clock += 10
    }
    // After 250 ms, and 500 ms later; the next after another second.
    expect(inserts).toBe(3)
  })

  it('counts a load whose answer was lost', async () => {
    segment(batches(1, 3))
    let inserts = 0
    const running = loader({
      store: watched(async real => {
        inserts++
        await real()
        await unavailable()
      }),
    })
    await run(running)
    expect(inserts).toBe(1)
    expect(await loaded()).toEqual({ rows: 6, events: 6, loads: loadNumbers(0) })
    expect(running.status()).toMatchObject({ loads: 1, rows: 6 })
    expect(marked).toEqual([{ days: [today], load: firstLoad }])
  })

  it('keeps a load open until its days are marked', async () => {
    segment(batches(1, 3))
    let failures = 3
    const running = loader({
      onLoaded: async (days, load) => {
        if (failures-- > 0) throw Object.assign(new Error('no room'), { code: 'ENOSPC' })
        marked.push({ days, load })
      },
    })
    await running.tick()
    segment(batches(4, 4), { slot: 1 })
    await running.tick()
    expect(running.status()).toMatchObject({ lastLoad: 0, problem: { message: 'ENOSPC' } })
    expect(spooled()).toHaveLength(2)
    await run(running)
    expect(await loaded()).toEqual({ rows: 8, events: 8, loads: loadNumbers(0, 1) })
    expect(marked.map(({ load }) => load)).toEqual([firstLoad, firstLoad + 1])
  })

  it.each(['gathered', 'manifest', 'inserted', 'marked', 'complete'] as const)(
    'goes on after a crash at: %s, by counting alone',
    async step => {
      segment(batches(1, 3))
      // A token log that was lost: every insert that is made counts.
      let token = 0
      const forgetful: Store = {
        ...store,
        insert: (table, columns, rows) => store.insert(table, columns, rows, `forgotten-${step}-${token++}`),
      }
      const crashing = loader({
        store: forgetful,
        onStep: reached => {
          if (reached === step) throw new Error('crash')
        },
      })
      await crashing.tick()
      for (let restart = 0; restart < 2; restart++) {
        const next = loader({ store: forgetful })
        await next.recover()
        await run(next)
      }
      expect(await loaded()).toEqual({ rows: 6, events: 6, loads: loadNumbers(0) })
      expect(marked.length).toBeGreaterThan(0)
      expect(spooled()).toEqual([])
    },
  )

  it('inserts a load again that the engine has lost, although it remembers the token', async () => {
    segment(batches(1, 3))
    const crashing = loader({
      onStep: reached => {
        if (reached === 'inserted') throw new Error('crash')
      },
    })
    await crashing.tick()
    // As when the part is put aside because its files are not whole; unlike truncate, this leaves the token log as it is.
    await store.command('alter table events delete where 1')
    const next = loader()
    await next.recover()
    await run(next)
    expect(await loaded()).toEqual({ rows: 6, events: 6, loads: loadNumbers(0) })
  })

  it('counts a load whose rows waited for longer than a week', async () => {
    const received = dayFromToday(-10)
    const waited = [1, 2, 3].map(number => spoolRecord(number, { values: { received } }))
    segment(waited, { createdMs: noon - 10 * 24 * 3600 * 1000 })
    let token = 0
    const forgetful: Store = {
      ...store,
      insert: (table, columns, rows) => store.insert(table, columns, rows, `waited-${token++}`),
    }
    const crashing = loader({
      store: forgetful,
      onStep: reached => {
        if (reached === 'inserted') throw new Error('crash')
      },
    })
    await crashing.tick()
    // Everything that a TTL takes is taken now.
    await store.command('optimize table events final')
    const next = loader({ store: forgetful })
    await next.recover()
    await run(next)
    expect(await loaded()).toEqual({ rows: 3, events: 3, loads: loadNumbers(0) })
  })
})

describe('loader: refused rows', () => {
  const bad = (column: string, number: number) => spoolRecord(number, { values: { [column]: 'secret-text' } })

  it('sets a refused row aside and loads the rest', async () => {
    segment([...batches(1, 20), bad('day', 21), ...batches(22, 30), bad('status', 31)])
    const running = loader()
    await run(running)
    expect(await loaded()).toEqual({ rows: 58, events: 58, loads: loadNumbers(0) })
    const lines = readFileSync(join(within('rejects'), `${firstLoad}.ndjson`), 'utf8')
      .trim()
      .split('\n')
    const [head, ...rejects] = lines.map(line => JSON.parse(line))
    expect(head).toEqual({
      ...{ load: firstLoad, received: today, rowVersion: 1 },
      ...{ rows: 2, reason: rejects[1].reason },
    })
    expect(rejects.map(({ row }) => row)).toEqual([40, 59])
    expect(rejects[0].reason).toMatch(/^ClickHouse: \w+ \(code \d+\)$/)
    const row = Buffer.from(rejects[0].bytes, 'base64').toString()
    expect(row).toMatch(/secret-text.*\n$/)
    expect(parseManifest(readFileSync(manifestOf(0), 'utf8'))).toMatchObject({ rows: 58, rejected: [40, 59] })
    expect(running.status()).toMatchObject({ drops: { refused_row: 2 }, problem: undefined })
    expect(JSON.stringify(running.status())).not.toContain('secret-text')
  })

  it('makes the same load again after a crash between setting aside and inserting', async () => {
    segment([...batches(1, 3), bad('day', 4), ...batches(5, 6)])
    let inserts = 0
    const crashing = loader({
      store: watched(real => (++inserts === 1 ? real() : Promise.reject(new Error('crash')))),
    })
    await crashing.tick()
    const running = loader()
    await running.recover()
    await run(running)
    expect(await loaded()).toEqual({ rows: 10, events: 10, loads: loadNumbers(0) })
    expect(running.status()).toMatchObject({ voidLoads: 0, drops: { refused_row: 0 } })
  })

  it('keeps the rows that it set aside when the manifest could not say so, and a crash follows', async () => {
    segment([...batches(1, 3), bad('day', 4)])
    // The manifest's draft cannot be made where a folder has its name.
    const draft = `${manifestOf(0)}.tmp`
    let inserts = 0
    const crashing = loader({
      store: watched(async real => {
        if (++inserts === 1) mkdirSync(draft)
        else rmSync(draft, { recursive: true, force: true })
        await real()
      }),
      onStep: step => step === 'inserted' && crash(),
    })
    for (let tick = 0; tick < 4 && (await loaded()).rows === 0; tick++) {
      await crashing.tick()
      clock += 31_000
    }
    await run(loader())
    expect(await loaded()).toEqual({ rows: 6, events: 6, loads: loadNumbers(0) })
    expect((await readRejects(within('rejects'), firstLoad))?.rejects).toHaveLength(1)
  })

  it('leaves nothing aside of rows that a later attempt took', async () => {
    segment(batches(1, 3))
    await loader({ onStep: step => step === 'manifest' && crash() }).tick()
    // As after a crash between setting rows aside and their manifest, and before somebody mended the table.
    const load = { load: firstLoad, received: today, rowVersion: 1 }
    await writeRejects(within('rejects'), load, [{ row: 0, reason: 'x', bytes: 'eAo=' }], { isMore: false })
    await run(loader())
    expect(await loaded()).toEqual({ rows: 6, events: 6, loads: loadNumbers(0) })
    expect(readdirSync(within('rejects'))).toEqual([])
  })

  it('uses no number of rows that are still aside', async () => {
    const load = { load: firstLoad + 5, received: today, rowVersion: 1 }
    await writeRejects(within('rejects'), load, [{ row: 0, reason: 'x', bytes: 'eAo=' }], { isMore: false })
    segment(batches(1, 1))
    await run(loader())
    expect(await loaded()).toEqual({ rows: 2, events: 2, loads: loadNumbers(6) })
    expect(readdirSync(within('rejects'))).toHaveLength(1)
  })

  it('goes on past a load of refused rows only', async () => {
    segment([bad('day', 1), bad('day', 2)])
    segment(batches(3, 3), { createdMs: noon + 1 })
    await run(loader({ maxRows: 2 }))
    expect(await loaded()).toMatchObject({ rows: 2, events: 2, loads: loadNumbers(1) })
    expect(spooled()).toEqual([])
  })

  it('sets aside a row that has no place for the load number', async () => {
    segment([{ ...spoolRecord(1), rows: Buffer.from(eventRow({ load: '5' })) }, spoolRecord(2)])
    const running = loader()
    await run(running)
    expect(await loaded()).toMatchObject({ rows: 1, loads: loadNumbers(0) })
    expect(running.status().drops).toMatchObject({ refused_row: 1 })
  })

  it('is not held up for ever by a row without a day of receipt, after a crash before it is set aside', async () => {
    segment([bad('received', 1), spoolRecord(2)])
    await loader({ onStep: step => step === 'manifest' && crash() }).tick()
    const running = loader()
    await running.recover()
    await run(running)
    expect((await loaded()).rows).toBe(1)
    expect(running.status()).toMatchObject({ state: 'idle', problem: undefined, drops: { refused_row: 1 } })
  })

  it('blames no row when the table is at fault', async () => {
    segment(batches(1, 3))
    await store.command('alter table events_check drop column area')
    await store.command('alter table events drop column area')
    const running = loader()
    await run(running)
    expect(running.status()).toMatchObject({ state: 'retrying', drops: { refused_row: 0 } })
    await store.command('alter table events add column area LowCardinality(String) codec(ZSTD)')
    await store.command('alter table events_check add column area LowCardinality(String) codec(ZSTD)')
    await run(running)
    expect((await loaded()).rows).toBe(6)
  })
})

describe('loader: damage', () => {
  it('reads around a damaged middle and puts the segment into quarantine', async () => {
    const name = segment(batches(1, 3))
    const file = join(within('spool'), `${name}.seg`)
    const bytes = readFileSync(file)
    const length = encodeRecord(batches(1, 1)[0]!).length
    bytes[segmentHeaderBytes + length + 50]! ^= 1
    writeFileSync(file, bytes)
    // A crash in between must not forget the damage.
    await loader({
      onStep: step => {
        if (step === 'complete') throw new Error('crash')
      },
    }).tick()
    const running = loader()
    await run(running)
    expect(await loaded()).toMatchObject({ rows: 4, events: 4 })
    expect(readdirSync(join(within('spool'), 'quarantine'))).toEqual([`${name}.seg`])
    expect(running.status()).toMatchObject({ quarantinedSegments: 1, voidLoads: 0 })
  })

  it('leaves a newer format and a newer row version alone, and goes on with the rest', async () => {
    const newerFormat = segment(batches(1, 1))
    const file = join(within('spool'), `${newerFormat}.seg`)
    writeFileSync(file, readFileSync(file).fill(9, 8, 9))
    const newerRows = segment([...batches(2, 2), { ...spoolRecord(3), rowVersion: 99 }], { slot: 1 })
    segment(batches(4, 4), { slot: 2 })
    const running = loader()
    await run(running)
    expect(await loaded()).toMatchObject({ rows: 4, events: 4 })
    expect(spooled().sort()).toEqual([`${newerFormat}.seg`, `${newerRows}.seg`])
    expect(running.status().newerSegments.toSorted()).toEqual([newerFormat, newerRows])
  })

  it('removes an empty segment', async () => {
    segment([])
    await run(loader())
    expect(spooled()).toEqual([])
  })

  it('voids a load that is not in the database and no longer in the spool, and loads what there is', async () => {
    const name = segment(batches(1, 3))
    await loader({ onStep: step => step === 'manifest' && crash() }).tick()
    const file = join(within('spool'), `${name}.seg`)
    const bytes = readFileSync(file)
    bytes[bytes.length - 10]! ^= 1
    writeFileSync(file, bytes)
    const running = loader()
    await run(running)
    expect(await loaded()).toEqual({ rows: 4, events: 4, loads: loadNumbers(1) })
    expect(running.status()).toMatchObject({ voidLoads: 1, quarantinedSegments: 1 })
  })

  it.each([
    ['cut', (file: string) => writeFileSync(file, readFileSync(file).subarray(0, 40))],
    ['of another number', (file: string) => copyFileSync(file, manifestOf(7))],
    ['not a manifest', (file: string) => writeFileSync(file, '{"load":1}')],
  ])('puts a manifest aside that is %s', async (_, damage) => {
    segment(batches(1, 3), { extension: 'open' })
    await run(loader())
    damage(manifestOf(0))
    const running = loader()
    await run(running)
    expect(running.status().badManifests).toBe(1)
    // Rows may repeat in raw; the fold counts them once. Nothing is lost, and no number is used twice.
    expect((await loaded()).events).toBe(6)
  })

  // Which rows the newest manifest stood for nobody knows any more: they are loaded once more, and the fold counts them once.
  it.each([
    ['the first two are lost', (): void => [0, 1].map(manifestOf).forEach(unlinkSync), 6, 0, [0, 1, 2]],
    ['one in the middle is lost', () => unlinkSync(manifestOf(1)), 6, 0, [0, 1, 2]],
    ['the newest is lost', () => unlinkSync(manifestOf(2)), 8, 0, [0, 1, 2, 3]],
    [
      'the newest is there again under the next number',
      () => copyFileSync(manifestOf(2), manifestOf(3)),
      ...([6, 1, [0, 1, 2]] as const),
    ],
    [
      'one in the middle lies in the place of another',
      () => copyFileSync(manifestOf(1), manifestOf(0)),
      ...([6, 1, [0, 1, 2]] as const),
    ],
  ])(
    'of three manifests %s: each event is there, and the next one too',
    async (_, damage, rows, bad, numbers) => {
      const name = segment(batches(1, 3), { extension: 'open' })
      await run(loader({ maxRows: 2 }))
      damage()
      const running = loader()
      await run(running)
      expect(await loaded()).toEqual({ rows, events: 6, loads: loadNumbers(...numbers) })
      expect(running.status()).toMatchObject({ badManifests: bad, voidLoads: 0 })
      appendFileSync(join(within('spool'), `${name}.open`), encodeRecord(spoolRecord(4, { rowCount: 2 })))
      renameSync(join(within('spool'), `${name}.open`), join(within('spool'), `${name}.seg`))
      await run(running)
      expect(await loaded()).toMatchObject({ rows: rows + 2, events: 8 })
      expect(spooled()).toEqual([])
    },
  )

  it('goes on with the numbers of the database when all manifests are gone', async () => {
    segment(batches(1, 4))
    await run(loader({ maxRows: 2 }))
    rmSync(within('loads'), { recursive: true })
    segment(batches(5, 5))
    const running = loader()
    await run(running)
    expect(await loaded()).toEqual({ rows: 10, events: 10, loads: loadNumbers(0, 1, 2, 3, 4) })
  })

  it('is not deceived by the token of a number used before', async () => {
    segment(batches(1, 2))
    await run(loader())
    rmSync(within('loads'), { recursive: true })
    // Unlike truncate, this leaves the token log as it is.
    await store.command('alter table events delete where 1')
    segment(batches(3, 4))
    await run(loader())
    expect(await loaded()).toEqual({ rows: 4, events: 4, loads: loadNumbers(0) })
  })

  it('takes a load for done whose segments are gone', async () => {
    segment(batches(1, 2))
    await run(loader())
    await store.command('truncate table events')
    const running = loader()
    await run(running)
    expect(running.status()).toMatchObject({ state: 'idle', voidLoads: 0 })
    segment(batches(5, 5), { slot: 1 })
    await run(running)
    expect(await loaded()).toMatchObject({ rows: 2, loads: loadNumbers(1) })
  })
})

function crash(): never {
  throw new Error('crash')
}
