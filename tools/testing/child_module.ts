// A TypeScript file as a process of its own, for tests that kill one: esbuild bundles it, packages stay outside.

import { type ChildProcess, fork } from 'node:child_process'
import { mkdirSync, rmSync } from 'node:fs'
import { basename, join } from 'node:path'
import { buildSync } from 'esbuild'

const root = join(import.meta.dirname, '../..')
let started = 0

export function forkModule(entry: string, parameters: readonly string[]): ChildProcess {
  // Inside node_modules, so that packages are found from there.
  const directory = join(root, 'node_modules/.cache/lightfoot')
  mkdirSync(directory, { recursive: true })
  started += 1
  const outfile = join(directory, `${basename(entry, '.ts')}-${process.pid}-${started}.mjs`)
  buildSync({
    entryPoints: [entry],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    packages: 'external',
    logLevel: 'silent',
  })
  const child = fork(outfile, parameters, { execArgv: [], stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
  child.once('exit', () => rmSync(outfile, { force: true }))
  return child
}
