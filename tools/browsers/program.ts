// Programs that the suite starts: browsers, their drivers, a display. Each ends with the suite, by its own process group,
// since browsers are many processes.

import { spawn } from 'node:child_process'
import { accessSync, constants, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

export type Program = {
  /** What was waited for: a port, an address. */
  readonly said: string
  stop(): Promise<void>
}

const startMs = 30_000
const stopMs = 5_000

/** The program's place on the PATH, or undefined. */
export function findProgram(name: string, folders: readonly string[] = []): string | undefined {
  const all = [...(process.env.PATH ?? '').split(delimiter), ...folders]
  return all.map(folder => join(folder, name)).find(isExecutable)
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK)
    return true
  } catch {
    return false
  }
}

/**
 * Resolves once `findSaid` finds in its output, or elsewhere, that it is there. It gets a home of its own, which goes with it:
 * profiles, caches, locks.
 */
export async function startProgram(
  program: string,
  args: (home: string) => readonly string[],
  findSaid: (output: string) => Promise<string | undefined> | string | undefined,
  env: NodeJS.ProcessEnv = {},
): Promise<Program> {
  const home = mkdtempSync(join(tmpdir(), 'lightfoot-browser-'))
  const child = spawn(program, args(home), {
    env: { ...process.env, HOME: home, XDG_RUNTIME_DIR: home, XDG_CACHE_HOME: home, TMPDIR: home, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', chunk => (output += chunk))
  const ended = new Promise<'ended'>(resolve => {
    child.once('exit', () => resolve('ended')).once('error', () => resolve('ended'))
  })
  const signal = (name: NodeJS.Signals) => {
    try {
      process.kill(-(child.pid ?? Number.NaN), name)
    } catch {
      // The whole group has ended already.
    }
  }
  const stop = async () => {
    signal('SIGTERM')
    await Promise.race([ended, sleep(stopMs)])
    signal('SIGKILL')
    rmSync(home, { recursive: true, force: true, maxRetries: 5 })
  }

  const deadline = Date.now() + startMs
  for (;;) {
    const said = await findSaid(output)
    if (said !== undefined) return { said, stop }
    if (child.exitCode !== null || child.pid === undefined || Date.now() > deadline) {
      await stop()
      throw new Error(`${program} did not start:\n${output}`)
    }
    await sleep(20)
  }
}
