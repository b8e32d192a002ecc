import { spawn } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buildSync } from 'esbuild'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { purposeSet } from '../../contract/purposes.ts'
import { type Choice, createLedger, type Ledger } from './ledger.ts'

const dayMs = 24 * 3_600_000
const noon = Date.UTC(2025, 5, 15, 12)

let parent = ''
let directory = ''

beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), 'lightfoot-ledger-'))
  directory = join(parent, 'ledger')
})

afterEach(() => rmSync(parent, { recursive: true, force: true }))

const granted: Choice = {
  site: 'shop',
  policy: 1,
  choice: 'grant',
  purposes: purposeSet(['statistics', 'calls']),
  at: noon,
  source: 'banner',
}

function open(options: Partial<Parameters<typeof createLedger>[0]> = {}) {
  return createLedger({ directory, slot: 0, ...options })
}

/** Every byte of every file. */
function everything(): string {
  return readdirSync(directory)
    .map(name => readFileSync(join(directory, name), 'utf8'))
    .join('')
}

test('a grant is found by its id, by every process', async () => {
  const ledger = open()
  const id = (await ledger.record(granted)) ?? ''
  expect(id).toMatch(/^20250615-[\w-]{22}$/)
  const entry = {
    id,
    site: 'shop',
    policy: 1,
    choice: 'grant',
    purposes: ['statistics', 'calls'],
    day: '2025-06-15',
    source: 'banner',
  }
  expect(await ledger.find(id)).toEqual(entry)
  expect(await open({ slot: 3 }).find(id)).toEqual(entry)
  await ledger.close()
})

test.each(['withdraw', 'object'] as const)('to %s has no id, and so cannot be asked for', async choice => {
  const ledger = open()
  expect(await ledger.record({ ...granted, choice, purposes: 0 })).toBeUndefined()
  await ledger.close()
  expect(JSON.parse(everything())).toEqual({
    site: 'shop',
    policy: 1,
    choice,
    purposes: [],
    day: '2025-06-15',
    source: 'banner',
  })
})

test('two grants that are alike have ids that say nothing of each other', async () => {
  const ledger = open()
  const ids = await Promise.all(Array.from({ length: 50 }, () => ledger.record(granted)))
  expect(new Set(ids).size).toBe(50)
  await ledger.close()
})

test('holds nothing but what it says: no time of day, and no source that is not a short word', async () => {
  const ledger = open()
  for (const source of ['john@example.com', '203.0.113.77', '40722123456', 'a'.repeat(21), 'A B', '']) {
    await ledger.record({ ...granted, at: noon + 12_345_678, source })
  }
  await ledger.close()
  const lines = everything().trim().split('\n')
  expect(lines).toHaveLength(6)
  for (const line of lines) {
    expect(Object.keys(JSON.parse(line))).toEqual([
      'id',
      'site',
      'policy',
      'choice',
      'purposes',
      'day',
      'source',
    ])
    expect(JSON.parse(line).source).toBe('other')
  }
})

describe('an id that is none', () => {
  test.each([
    '',
    'x',
    '20250615-short',
    '20250614-AAAAAAAAAAAAAAAAAAAAAA',
    '20250615-AAAAAAAAAAAAAAAAAAAAAA',
    '../../../etc/passwd',
  ])('%j', async id => {
    const ledger = open()
    await ledger.record(granted)
    expect(await ledger.find(id)).toBeUndefined()
    await ledger.close()
  })

  test('before anything was written', async () => {
    expect(await open().find('20250615-AAAAAAAAAAAAAAAAAAAAAA')).toBeUndefined()
  })

  test('a part of an entry is not its id', async () => {
    const ledger = open()
    const id = (await ledger.record(granted)) ?? ''
    expect(await ledger.find(`${id.slice(0, -1)}${id.endsWith('A') ? 'B' : 'A'}`)).toBeUndefined()
    await ledger.close()
  })
})

test('files are readable by their owner only, one for each process and day', async () => {
  const ledgers = [open(), open({ slot: 1 })]
  for (const ledger of ledgers) {
    await ledger.record(granted)
    await ledger.record({ ...granted, at: noon + dayMs })
    await ledger.close()
  }
  const names = readdirSync(directory).sort()
  expect(names).toEqual([
    '2025-06-15-0-1.ndjson',
    '2025-06-15-1-1.ndjson',
    '2025-06-16-0-1.ndjson',
    '2025-06-16-1-1.ndjson',
  ])
  for (const name of names) expect(statSync(join(directory, name)).mode & 0o777).toBe(0o600)
})

test('a start after half a line was written loses nothing', async () => {
  const first = open()
  const id = (await first.record(granted)) ?? ''
  await first.close()
  writeFileSync(join(directory, '2025-06-15-0-1.ndjson'), '{"id":"2025', { flag: 'a' })
  const second = open()
  const next = (await second.record(granted)) ?? ''
  expect(await second.find(id)).toMatchObject({ id })
  expect(await second.find(next)).toMatchObject({ id: next })
  await second.close()
})

test('around midnight each entry is in the file that its id names', async () => {
  const ledger = open()
  const times = [noon, noon + dayMs, noon, noon + dayMs]
  const ids = await Promise.all(times.map(at => ledger.record({ ...granted, at })))
  for (const id of ids) expect(await ledger.find(id ?? '')).toMatchObject({ id })
  await ledger.close()
})

describe('is bounded', () => {
  test('past the bound of a day choices are refused, after a restart too; the next day goes on', async () => {
    const bound = { dayBytesMax: 1000 }
    const ledger = open(bound)
    const results = await Promise.allSettled(Array.from({ length: 3 }, () => ledger.record(granted)))
    expect(results.every(({ status }) => status === 'fulfilled')).toBe(true)
    while (
      await ledger.record(granted).then(
        () => true,
        () => false,
      )
    );
    await expect(ledger.record(granted)).rejects.toThrow('bound of the day')
    await ledger.close()
    await expect(open(bound).record(granted)).rejects.toThrow('bound of the day')
    expect(Buffer.byteLength(everything())).toBeLessThanOrEqual(1000)
    await expect(ledger.record({ ...granted, at: noon + dayMs })).resolves.toBeDefined()
    await ledger.close()
  })

  const takes = (ledger: Ledger, choice: Choice) =>
    ledger.record(choice).then(
      () => true,
      () => false,
    )

  test('grants leave a quarter of the day to those who withdraw and object, after a restart too', async () => {
    const bound = { dayBytesMax: 8000 }
    const first = open(bound)
    while (await takes(first, granted));
    await first.close()
    expect(Buffer.byteLength(everything())).toBeLessThanOrEqual(6000)
    const ledger = open(bound)
    expect(await takes(ledger, granted)).toBe(false)
    const withdrawn: Choice = { ...granted, choice: 'withdraw', purposes: 0 }
    const objected: Choice = { ...granted, choice: 'object', purposes: 0 }
    // They share a write with grants that do not fit.
    const together = [granted, withdrawn, objected, granted, objected]
    const taken = await Promise.all(together.map(choice => takes(ledger, choice)))
    expect(taken).toEqual([false, true, true, false, true])
    let count = 0
    while (await takes(ledger, objected)) count++
    expect(count).toBeGreaterThan(10)
    expect(Buffer.byteLength(everything())).toBeLessThanOrEqual(8000)
    await ledger.close()
  })

  test('those who object do not wait behind grants that are too many', async () => {
    const ledger = open()
    const grants = Array.from({ length: 5100 }, () => takes(ledger, granted))
    const objections = Array.from({ length: 500 }, () => takes(ledger, { ...granted, choice: 'object' }))
    expect(await Promise.all(objections)).toEqual(Array(500).fill(true))
    expect((await Promise.all(grants)).filter(taken => !taken).length).toBeGreaterThanOrEqual(99)
    await ledger.close()
  })

  test('no more wait for the disk than the bound says', async () => {
    const ledger = open()
    const results = await Promise.allSettled(Array.from({ length: 5100 }, () => ledger.record(granted)))
    const refused = results.filter(({ status }) => status === 'rejected')
    // The first is being written while the rest wait.
    expect(refused.length).toBeGreaterThanOrEqual(99)
    expect(refused.length).toBeLessThanOrEqual(100)
    await ledger.close()
  })

  test('proofs are removed after their time', async () => {
    const ledger = open({ keepDays: 10 })
    const id = (await ledger.record(granted)) ?? ''
    await ledger.record({ ...granted, at: noon + 10 * dayMs })
    expect(await ledger.find(id)).toBeDefined()
    await ledger.record({ ...granted, at: noon + 11 * dayMs })
    expect(await ledger.find(id)).toBeUndefined()
    await ledger.close()
  })

  test('a clock that is decades ahead for a moment takes no proof with it', async () => {
    const ledger = open({ keepDays: 10 })
    const id = (await ledger.record(granted)) ?? ''
    await ledger.record({ ...granted, at: noon + 20_000 * dayMs })
    await ledger.record({ ...granted, at: noon + dayMs })
    expect(await ledger.find(id)).toBeDefined()
    await ledger.close()
  })
})

test('a disk that refuses is an error, and the next choice is recorded once it does not', async () => {
  writeFileSync(directory, 'not a folder')
  const ledger = open()
  await expect(ledger.record(granted)).rejects.toThrow()
  rmSync(directory)
  const id = await ledger.record(granted)
  expect(await ledger.find(id ?? '')).toBeDefined()
  await ledger.close()
})

test('what was acknowledged survives kill -9', async () => {
  const program = join(parent, 'writer.mjs')
  buildSync({
    stdin: {
      contents: `
        import { createLedger } from './ledger.ts'
        const ledger = createLedger({ directory: process.argv[2], slot: 0 })
        const choice = ${JSON.stringify(granted)}
        for (;;) process.stdout.write(await ledger.record(choice) + '\\n')`,
      resolveDir: import.meta.dirname,
      loader: 'ts',
    },
    bundle: true,
    platform: 'node',
    format: 'esm',
    outfile: program,
  })
  const child = spawn(process.execPath, [program, directory], { stdio: ['ignore', 'pipe', 'inherit'] })
  let out = ''
  child.stdout.on('data', chunk => {
    out += chunk
    if (out.length > 2000) child.kill('SIGKILL')
  })
  await new Promise(resolve => child.on('close', resolve))
  const ids = out.split('\n').filter(id => id.length === 31)
  expect(ids.length).toBeGreaterThan(50)
  const ledger = open()
  for (const id of ids) expect(await ledger.find(id)).toMatchObject({ id })
})
