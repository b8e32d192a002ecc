// A child that the system does not give: real launches of what is not there, by both ways in which a child is started.

import { type ChildProcess, fork } from 'node:child_process'
import cluster, { type Worker } from 'node:cluster'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { waitUntil } from '../../tools/testing/wait_until.ts'
import { errorCode } from '../spool/files.ts'
import { type Child, keepChild } from './child.ts'
import type { ChildStart } from './messages.ts'
import { steadyNow } from './steady_now.ts'

let folder: string
let script: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'lightfoot-child-'))
  script = join(folder, 'child.cjs')
  // Lives until it is told to stop, or the line ends.
  writeFileSync(
    script,
    "process.on('message', () => process.exit(0)); process.on('disconnect', () => process.exit(1))\n",
  )
})
afterAll(() => rmSync(folder, { recursive: true }))

const kept: Child[] = []
afterEach(async () => {
  for (const child of kept.splice(0)) await child.stop(1000)
})

type Launch = (program: string) => Worker | ChildProcess

const launches: readonly [string, Launch][] = [
  ['fork', program => fork(script, { execPath: program })],
  [
    'cluster',
    program => {
      cluster.setupPrimary({ exec: script })
      // It always starts the program that it is itself.
      const { execPath } = process
      process.execPath = program
      try {
        return cluster.fork()
      } finally {
        process.execPath = execPath
      }
    },
  ],
]

/** The first `failures` launches fail as `launch` says. */
function keep(launch: () => Worker | ChildProcess) {
  const seen: string[] = []
  const child = keepChild({
    launch,
    start: () => ({}) as ChildStart,
    onMessage: () => {},
    afterDeath: async () => void seen.push('died'),
    onNotStarted: error => seen.push(String(errorCode(error))),
    onRestart: () => seen.push('restart'),
    now: steadyNow,
  })
  kept.push(child)
  return { child, seen }
}

const isAlive = ({ pid }: Child) => {
  const number = pid()
  return number !== undefined && process.kill(number, 0)
}

test.each(launches)('%s: a program that is not there is tried again until it is', async (_name, launch) => {
  let attempts = 0
  const { child, seen } = keep(() => launch(++attempts <= 3 ? join(folder, 'nothing') : process.execPath))
  await waitUntil('it lives', () => isAlive(child))
  expect(seen).toEqual(Array(3).fill(['ENOENT', 'died', 'restart']).flat())
  await child.stop(5000)
  expect(seen.slice(9)).toEqual(['died'])
  expect(attempts).toBe(4)
})

test.each(launches)('%s: it is not tried again once it is to stop', async (_name, launch) => {
  let attempts = 0
  const { child, seen } = keep(() => launch(join(folder, `nothing-${++attempts}`)))
  // Before the error is told, as well as after it.
  await child.stop(5000)
  expect(seen).toEqual(['ENOENT', 'died'])
  await child.stop(5000)
  expect(attempts).toBe(1)
})

test('a launch that throws is tried again too', async () => {
  let attempts = 0
  // What is no program's name is thrown at once, like the errors of the system that Node does not tell as an event.
  const { child, seen } = keep(() => fork(script, { execPath: ++attempts <= 2 ? 'a\0b' : process.execPath }))
  await waitUntil('it lives', () => isAlive(child))
  expect(seen).toEqual(Array(2).fill(['ERR_INVALID_ARG_VALUE', 'died', 'restart']).flat())
})
