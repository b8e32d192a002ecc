// vitest's globalSetup: the tests of processes and of the package run the built product, so it is built when dist/ is
// missing or older than a source.

import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { packageRoot } from '../../collector/config/package_root.ts'

const sources = [
  'contract',
  'collector',
  'tracker',
  'dashboard',
  'tools',
  'package.json',
  'tsconfig.json',
  'tsconfig.build.json',
]

export function setup(): void {
  const root = packageRoot()
  const built = join(root, 'dist/collector/main.js')
  const isCurrent =
    existsSync(built) && newest(sources.map(source => join(root, source))) <= statSync(built).mtimeMs
  if (isCurrent) return
  const { status, stdout, stderr } = spawnSync(process.execPath, ['tools/build.mjs'], {
    cwd: root,
    encoding: 'utf8',
  })
  if (status !== 0) throw new Error(`the build failed:\n${stdout}${stderr}`)
}

/** Of files that the build reads; tests and their helpers do not count. */
function newest(paths: readonly string[]): number {
  return Math.max(0, ...paths.map(path => (existsSync(path) ? newestIn(path) : 0)))
}

function newestIn(path: string): number {
  const stats = statSync(path)
  if (!stats.isDirectory()) return /\.test\.ts$/.test(path) ? 0 : stats.mtimeMs
  if (path.endsWith('testing')) return 0
  return newest(readdirSync(path).map(name => join(path, name)))
}
