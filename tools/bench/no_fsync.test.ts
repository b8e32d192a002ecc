// Whatever way the product takes to the disk, the bench makes it not wait for the disk and counts it.

import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterEach, expect, test } from 'vitest'
import { packageRoot } from '../../collector/config/package_root.ts'
import { runProgram } from '../testing/run_program.ts'

const preload = pathToFileURL(join(packageRoot(), 'tools/bench/no_fsync.mjs')).href
const folders: string[] = []

afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true })
})

// A closed descriptor: the real fdatasync would fail with EBADF.
const ways: [string, string, number][] = [
  [
    'the callback, imported by name',
    "import { fdatasync } from 'node:fs'; await new Promise((done, fail) => fdatasync(999, error => error ? fail(error) : done()))",
    1,
  ],
  ['at once', "import { fdatasyncSync } from 'node:fs'; fdatasyncSync(999)", 1],
  [
    'a file handle',
    "import { open } from 'node:fs/promises'; const handle = await open(process.execPath); await handle.close(); await handle.datasync(); await handle.datasync()",
    2,
  ],
  [
    'a file whose writes end on the disk',
    `import { closeSync, constants, open, readFileSync, writeSync, writev } from 'node:fs'
     const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_DSYNC
     const file = await new Promise((done, fail) => open('a', flags, 0o600, (error, file) => error ? fail(error) : done(file)))
     await new Promise((done, fail) => writev(file, [Buffer.from('a')], error => error ? fail(error) : done()))
     writeSync(file, 'b')
     const [, left] = /^flags:\\s+(\\d+)$/m.exec(readFileSync('/proc/self/fdinfo/' + file, 'utf8'))
     if (parseInt(left, 8) & constants.O_SYNC) throw new Error('the flag is still there')
     closeSync(file)`,
    2,
  ],
  [
    'such a file opened at once, its descriptor used again by another',
    `import { closeSync, constants, openSync, writeSync } from 'node:fs'
     const file = openSync('a', constants.O_WRONLY | constants.O_CREAT | constants.O_SYNC, 0o600)
     writeSync(file, 'a')
     closeSync(file)
     writeSync(openSync('b', 'w'), 'b')`,
    1,
  ],
  [
    'a file whose writes do not',
    "import { openSync, writeSync } from 'node:fs'; writeSync(openSync('a', 'w'), 'a')",
    0,
  ],
  ['not at all', '', 0],
]

test.each(ways)('%s', async (_name, program, calls) => {
  const folder = mkdtempSync(join(tmpdir(), 'lightfoot-no-fsync-'))
  folders.push(folder)
  const ran = await runProgram(
    process.execPath,
    ['--import', preload, '--input-type=module', '--eval', program],
    { cwd: folder, env: { ...process.env, BENCH_NO_FSYNC: folder } },
  )
  expect(ran.status, ran.stderr).toBe(0)
  const counted = readdirSync(folder)
    .filter(name => name.endsWith('.fsyncs'))
    .map(name => Number(readFileSync(join(folder, name), 'utf8')))
  expect(counted).toEqual(calls === 0 ? [] : [calls])
})
