// Whatever way the product calls fdatasync, the bench makes it do nothing and counts it.

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
  const counted = readdirSync(folder).map(name => Number(readFileSync(join(folder, name), 'utf8')))
  expect(counted).toEqual(calls === 0 ? [] : [calls])
})
