import { spawn } from 'node:child_process'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buildSync } from 'esbuild'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createDayKeys } from './day_keys.ts'

const hourMs = 3_600_000
const keepMs = 2 * hourMs
const zone = 'Europe/Bucharest'
/** Noon in Bucharest on 15 June, and the instant at which that day ends there. */
const noon = Date.UTC(2025, 5, 15, 9)
const dayEnds = Date.UTC(2025, 5, 15, 21)

let directory = ''
let at = noon
let steady = 0

beforeEach(() => {
  directory = join(mkdtempSync(join(tmpdir(), 'lightfoot-keys-')), 'day')
  at = noon
  steady = 0
})

afterEach(() => rmSync(join(directory, '..'), { recursive: true, force: true }))

function open(keep = keepMs) {
  return createDayKeys({ directory, keepMs: keep, now: () => at, steadyNow: () => steady })
}

function fileOf(day: string, name = 'Europe~Bucharest'): string {
  return join(directory, name, `${day}.key`)
}

/** Of a zone's folder, those that are not destroyed. */
function keysIn(name: string): string[] {
  return readdirSync(join(directory, name)).filter(file => statSync(join(directory, name, file)).size > 0)
}

describe('a key', () => {
  test('is 32 random bytes, the same for the whole day and for every process', () => {
    const keys = open()
    const key = keys.dayKey(zone, '2025-06-15')
    expect(key).toHaveLength(32)
    expect(keys.dayKey(zone, '2025-06-15')).toEqual(key)
    expect(open().dayKey(zone, '2025-06-15')).toEqual(key)
  })

  test('is another one for each day and each zone', () => {
    const keys = open()
    const all = [
      keys.dayKey(zone, '2025-06-15'),
      keys.dayKey(zone, '2025-06-16'),
      keys.dayKey('Asia/Kathmandu', '2025-06-15'),
      keys.dayKey('UTC', '2025-06-15'),
    ]
    expect(new Set(all.map(key => key?.toString('hex'))).size).toBe(4)
  })

  test('is readable by its owner only, and so are its folders', () => {
    open().dayKey(zone, '2025-06-15')
    expect(statSync(fileOf('2025-06-15')).mode & 0o777).toBe(0o600)
    expect(statSync(directory).mode & 0o777).toBe(0o700)
    expect(statSync(join(directory, 'Europe~Bucharest')).mode & 0o777).toBe(0o700)
    expect(readdirSync(join(directory, 'Europe~Bucharest'))).toEqual(['2025-06-15.key'])
  })

  test.each([
    ['the day before yesterday', '2025-06-13'],
    ['yesterday, which ended more than two hours ago', '2025-06-14'],
    ['the day after tomorrow', '2025-06-17'],
    ['no day', '15 June'],
    ['a way out of the folder', '../../../etc'],
  ])('is not made for %s', (_, day) => {
    expect(open().dayKey(zone, day)).toBeUndefined()
    expect(existsSync(directory)).toBe(false)
  })

  test.each(['../../x', 'Europe/../..', '/etc', 'a\0b', ''])(
    'is not made for a zone that is no zone: %j',
    name => {
      expect(open().dayKey(name, '2025-06-15')).toBeUndefined()
      expect(existsSync(directory)).toBe(false)
    },
  )
})

describe('the end of a key', () => {
  test('it is given until two hours after its day, not a millisecond longer', () => {
    const keys = open()
    const key = keys.dayKey(zone, '2025-06-15')?.toString('hex')
    at = dayEnds + keepMs - 1
    expect(keys.dayKey(zone, '2025-06-15')?.toString('hex')).toBe(key)
    at = dayEnds + keepMs
    expect(keys.dayKey(zone, '2025-06-15')).toBeUndefined()
  })

  test('its file is destroyed by tend, whoever made it, also for a zone that is not in use any more', () => {
    open().tend([zone, 'Asia/Kathmandu'])
    expect(existsSync(fileOf('2025-06-15'))).toBe(true)
    at = dayEnds + keepMs - 1
    const other = open()
    other.tend([zone])
    expect(existsSync(fileOf('2025-06-15'))).toBe(true)
    at = dayEnds + keepMs
    other.tend([zone])
    expect(keysIn('Europe~Bucharest')).toEqual(['2025-06-16.key', '2025-06-17.key'])
    expect(readFileSync(fileOf('2025-06-15'))).toEqual(Buffer.alloc(0))
    // In Kathmandu the day ended earlier; tomorrow's key is still there, today's is gone.
    expect(keysIn('Asia~Kathmandu')).toEqual(['2025-06-16.key'])
    at += 48 * hourMs
    other.tend([zone])
    expect(keysIn('Asia~Kathmandu')).toEqual([])
    at += 40 * 24 * hourMs
    other.tend([zone])
    expect(existsSync(join(directory, 'Asia~Kathmandu'))).toBe(false)
  })

  test('what survives of a file is not read any more', () => {
    const keys = open()
    keys.dayKey(zone, '2025-06-15')
    const kept = readFileSync(fileOf('2025-06-15'))
    at = dayEnds + keepMs
    keys.tend([zone])
    writeFileSync(fileOf('2025-06-15'), kept, { mode: 0o600 })
    expect(keys.dayKey(zone, '2025-06-15')).toBeUndefined()
    expect(open().dayKey(zone, '2025-06-15')).toBeUndefined()
  })

  test('what another holder of the key had is wiped with it', () => {
    const keys = open()
    const key = keys.dayKey(zone, '2025-06-15')
    at = dayEnds + keepMs
    keys.tend([zone])
    expect(key?.every(byte => byte === 0)).toBe(true)
  })

  test('one that cannot be destroyed does not spare the others, and is told', () => {
    const keys = open()
    keys.tend([zone, 'UTC'])
    rmSync(fileOf('2025-06-15'))
    mkdirSync(fileOf('2025-06-15'))
    at += 72 * hourMs
    expect(() => keys.tend([zone])).toThrow('cannot be destroyed')
    expect(keysIn('UTC')).toEqual([])
  })

  test('a zone that the machine does not know any more keeps no key for ever', () => {
    mkdirSync(join(directory, 'Atlantis~Capital'), { recursive: true })
    writeFileSync(fileOf('2025-06-15', 'Atlantis~Capital'), Buffer.alloc(32))
    writeFileSync(join(directory, 'Atlantis~Capital', 'readme'), 'left alone')
    at = Date.UTC(2025, 5, 16, 14) - 1
    open().tend([])
    expect(existsSync(fileOf('2025-06-15', 'Atlantis~Capital'))).toBe(true)
    at += 1
    open().tend([])
    expect(keysIn('Atlantis~Capital')).toEqual(['readme'])
  })

  test('what a process left half made goes', () => {
    open().tend([zone])
    const draft = join(directory, 'Europe~Bucharest', '.2025-06-15.key-1-abc')
    writeFileSync(draft, 'x')
    utimesSync(draft, noon / 1000, noon / 1000)
    open().tend([zone])
    expect(existsSync(draft)).toBe(true)
    at += 61_000
    open().tend([zone])
    expect(existsSync(draft)).toBe(false)
  })

  test('the clock set back gives no key to a day that is far ahead', () => {
    const keys = open()
    expect(keys.dayKey(zone, '2025-06-16')).toBeDefined()
    at -= 72 * hourMs
    expect(keys.dayKey(zone, '2025-06-16')).toBeUndefined()
  })

  describe('a clock that is set', () => {
    test('forward and back again: the day whose key it ended gets no second one, from no process', () => {
      const keys = open()
      const before = open()
      for (const each of [keys, before]) each.tend([zone])
      at += 26 * hourMs
      keys.tend([zone])
      expect(keysIn('Europe~Bucharest')).toEqual(['2025-06-16.key', '2025-06-17.key'])
      at -= 26 * hourMs
      before.tend([zone])
      for (const each of [keys, before, open()]) {
        expect(each.dayKey(zone, '2025-06-15')).toBeUndefined()
        expect(each.dayKey(zone, '2025-06-16')).toHaveLength(32)
      }
      at += hourMs
      expect(keys.dayKey(zone, '2025-06-15')).toBeUndefined()
    })

    test('forward by years for a while: today stays without a key, and none is left for that year', () => {
      open().tend([zone])
      at += 20_000 * 24 * hourMs
      for (let minute = 0; minute < 5; minute++) {
        open().tend([zone])
        at += 60_000
      }
      expect(keysIn('Europe~Bucharest')).toEqual(['2080-03-18.key', '2080-03-19.key'])
      at = noon + hourMs
      const keys = open()
      keys.tend([zone])
      steady += hourMs
      keys.tend([zone])
      expect(keysIn('Europe~Bucharest')).toEqual([])
      expect(open().dayKey(zone, '2025-06-15')).toBeUndefined()
      at += 24 * hourMs
      open().tend([zone])
      expect(keysIn('Europe~Bucharest')).toEqual(['2025-06-17.key'])
    })

    test.each([
      ['40 days', 40 * 24 * hourMs],
      ['decades, as where a machine without a clock begins', noon],
    ])('back by %s for less than an hour: today’s key is the same as before', (_, backMs) => {
      const keys = open()
      keys.tend([zone])
      const key = keys.dayKey(zone, '2025-06-15')?.toString('hex')
      for (const each of [0, 1]) {
        at = noon - backMs
        for (let minute = 0; minute < 60; minute++) {
          keys.tend([zone])
          at += 60_000
          steady += 60_000
        }
        // The hour begins anew with each time that the clock is set back.
        at = noon + each
        keys.tend([zone])
      }
      expect(keys.dayKey(zone, '2025-06-15')?.toString('hex')).toBe(key)
      expect(keysIn('Europe~Bucharest')).toContain('2025-06-15.key')
    })

    test('back by 40 days for an hour: no key lies there for days that are so far ahead', () => {
      const keys = open()
      keys.tend([zone])
      at -= 40 * 24 * hourMs
      keys.tend([zone])
      steady += hourMs - 1
      keys.tend([zone])
      expect(keysIn('Europe~Bucharest')).toHaveLength(4)
      steady += 1
      keys.tend([zone])
      expect(keysIn('Europe~Bucharest')).toEqual(['2025-05-06.key', '2025-05-07.key'])
    })

    test('back by three days for a while: today’s key is the same as before', () => {
      const keys = open()
      const key = keys.dayKey(zone, '2025-06-15')?.toString('hex')
      at -= 72 * hourMs
      keys.tend([zone])
      expect(keys.dayKey(zone, '2025-06-12')).toHaveLength(32)
      at = noon
      keys.tend([zone])
      expect(keys.dayKey(zone, '2025-06-15')?.toString('hex')).toBe(key)
      expect(keysIn('Europe~Bucharest')).toEqual(['2025-06-15.key', '2025-06-16.key'])
    })
  })

  test('the demo keeps its keys longer', () => {
    const keys = open(74 * hourMs)
    expect(keys.dayKey(zone, '2025-06-12')).toBeDefined()
    expect(keys.dayKey(zone, '2025-06-11')).toBeUndefined()
  })
})

test('today’s and tomorrow’s keys are made ahead, and each stays what it was', () => {
  const keys = open()
  keys.tend([zone])
  const tomorrow = readFileSync(fileOf('2025-06-16'))
  at = dayEnds + 1000
  keys.tend([zone])
  expect(keys.dayKey(zone, '2025-06-16')).toEqual(tomorrow)
  expect(existsSync(fileOf('2025-06-17'))).toBe(true)
})

describe('a disk that fails', () => {
  test('costs the id, not the event, and is asked again a second later', () => {
    writeFileSync(directory, 'not a folder')
    const keys = open()
    expect(keys.dayKey(zone, '2025-06-15')).toBeUndefined()
    rmSync(directory)
    expect(keys.dayKey(zone, '2025-06-15')).toBeUndefined()
    at += 1000
    expect(keys.dayKey(zone, '2025-06-15')).toHaveLength(32)
  })

  test('a file that is cut short is no key', () => {
    mkdirSync(join(directory, 'Europe~Bucharest'), { recursive: true })
    writeFileSync(fileOf('2025-06-15'), Buffer.alloc(31))
    expect(open().dayKey(zone, '2025-06-15')).toBeUndefined()
  })
})

test('of processes that make one key at once, all have the same', async () => {
  const program = join(directory, '..', 'maker.mjs')
  buildSync({
    stdin: {
      contents: `
        import { createDayKeys } from './day_keys.ts'
        const keys = createDayKeys({ directory: process.argv[2], keepMs: ${keepMs}, now: () => ${noon}, steadyNow: () => 0 })
        process.stdout.write('ready\\n')
        process.stdin.once('data', () => {
          // Many at once, so that processes really meet.
          const all = []
          for (let i = 0; i < 40; i++) all.push(keys.dayKey('Etc/GMT' + (i < 14 ? '-' + (i + 1) : '+' + (i % 12 + 1)), '2025-06-15')?.toString('hex'))
          process.stdout.write(JSON.stringify(all), () => process.exit(0))
        })`,
      resolveDir: import.meta.dirname,
      loader: 'ts',
    },
    bundle: true,
    platform: 'node',
    format: 'esm',
    outfile: program,
  })
  const makers = Array.from({ length: 4 }, () => {
    const child = spawn(process.execPath, [program, directory], { stdio: ['pipe', 'pipe', 'inherit'] })
    let out = ''
    const ready = new Promise<void>(resolve => {
      child.stdout.on('data', chunk => {
        out += chunk
        if (out.startsWith('ready\n')) resolve()
      })
    })
    const done = new Promise<string>(resolve => child.on('close', () => resolve(out.slice('ready\n'.length))))
    return { child, ready, done }
  })
  await Promise.all(makers.map(({ ready }) => ready))
  for (const { child } of makers) child.stdin.write('go')
  const results = await Promise.all(makers.map(({ done }) => done))
  const [first = ''] = results
  expect(JSON.parse(first).filter(Boolean).length).toBeGreaterThan(20)
  for (const result of results) expect(result).toBe(first)
  for (const folder of readdirSync(directory)) {
    expect(readdirSync(join(directory, folder)).every(name => !name.startsWith('.'))).toBe(true)
  }
})
