// Runs a TypeScript file as a process of its own, for tests that kill it: Node 20 does not run TypeScript, so it is
// bundled first. Packages stay outside the bundle, which therefore lies below node_modules.

import { type ChildProcess, spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'esbuild'

const root = join(import.meta.dirname, '../..')

/** Gives the file to run, as often as wanted; it is removed when the calling process ends. */
export async function bundleForNode(entry: string): Promise<string> {
  const name = createHash('sha256').update(`${entry} ${process.pid}`).digest('hex').slice(0, 16)
  const outfile = join(root, 'node_modules/.cache/lightfoot-tests', `${name}.mjs`)
  await build({
    entryPoints: [entry],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
    logLevel: 'error',
  })
  process.once('exit', () => rmSync(outfile, { force: true }))
  return outfile
}

export type Spawned = {
  readonly child: ChildProcess
  /** What it has written to standard output so far. */
  output(): string
  /** Resolves when it is gone. */
  readonly ended: Promise<{ code: number | null; signal: NodeJS.Signals | null }>
}

export function spawnBundle(
  file: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Spawned {
  const child = spawn(process.execPath, [file, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, ...env },
  })
  const chunks: Buffer[] = []
  child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk))
  const ended = new Promise<{ code: number | null; signal: NodeJS.Signals | null }>(resolve => {
    child.on('close', (code, signal) => resolve({ code, signal }))
  })
  return { child, output: () => Buffer.concat(chunks).toString(), ended }
}
