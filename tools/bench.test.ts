// What `npm run bench` says before it measures anything; tools/readme.test.ts runs a measure.

import { join } from 'node:path'
import { expect, test } from 'vitest'
import { packageRoot } from '../collector/config/package_root.ts'
import { runProgram } from './testing/run_program.ts'

const bench = (...options: string[]) =>
  runProgram(process.execPath, [join(packageRoot(), 'tools/bench.mjs'), ...options], { cwd: packageRoot() })

test.each([
  ['an unknown measure', ['--only', 'rates,nothing'], 'there is no measure "nothing"'],
  ['an unknown option', ['--onyl', 'rates'], "Unknown option '--onyl'"],
  ['a number that is none', ['--rounds', 'many'], '--rounds is a number above 0'],
  ['no rounds', ['--rounds', '0'], '--rounds is a number above 0'],
])('%s is a usage error in one line', async (_name, options, message) => {
  const ran = await bench(...options)
  expect(ran.status).toBe(2)
  expect(ran.stderr.trim().split('\n')).toHaveLength(1)
  expect(ran.stderr).toContain(message)
})

test('the help names every option, the list every measure', async () => {
  const help = await bench('--help')
  expect(help.status).toBe(0)
  for (const option of [
    'only',
    'quick',
    'rounds',
    'seconds',
    'minutes',
    'offered',
    'no-record',
    'docs',
    'list',
  ])
    expect(help.stdout).toContain(`--${option}`)
  const list = await bench('--list')
  const names = list.stdout
    .trim()
    .split('\n')
    .map(line => line.split(' ')[0])
  expect(names).toEqual(
    expect.arrayContaining([
      'rates',
      'durability',
      'acceptors',
      'latency',
      'memory',
      'storage',
      'folding',
      'sustained',
      'tracker',
    ]),
  )
})
