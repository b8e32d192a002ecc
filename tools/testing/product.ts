// The built product for tests: real processes on free ports in a folder of their own. Build first (tools/testing/build_once.ts).

import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { packageRoot } from '../../collector/config/package_root.ts'
import { freePorts } from './free_ports.ts'
import { askStatus, isAtRest } from './product_status.ts'
import { type Ran, runProgram } from './run_program.ts'

export type ProductOptions = {
  /** The content of lightfoot.json; without it there is none, and the demo is served. */
  readonly config?: unknown
  /** After `serve`: `['--demo']`. */
  readonly args?: readonly string[]
  readonly env?: Readonly<Record<string, string>>
  /** The folder of an earlier product, to start again on the same data. It is then not removed by `stop`. */
  readonly folder?: string
}

export type Role = 'supervisor' | 'engine' | 'acceptor' | 'all'

export type Product = {
  readonly publicUrl: string
  readonly adminUrl: string
  readonly folder: string
  readonly dataDirectory: string
  readonly configFile: string
  /** Environment of the product, for other programs that should meet it. */
  readonly env: NodeJS.ProcessEnv
  /** What it wrote so far on standard output and standard error. */
  output(): string
  /** A report as rows, asked over the private listener; from four days ago to tomorrow, so that zones do not matter. */
  report(name: string, site?: string): Promise<Record<string, unknown>[]>
  /** `lightfoot …` against the same folder. */
  cli(args: readonly string[]): Promise<Ran>
  pids(): Pids
  /** SIGKILL unless said otherwise. */
  kill(role: Role, signal?: NodeJS.Signals): void
  /** Until the supervisor has ended; with its exit status. */
  ended(): Promise<number | null>
  /** SIGTERM, wait, remove the folder. */
  stop(): Promise<void>
}

export type Pids = {
  readonly supervisor: number
  readonly engine: number | undefined
  readonly acceptors: readonly number[]
}

/** Under the time that a hook of vitest has. */
const startMs = 45_000
const stopMs = 30_000
const main = join(packageRoot(), 'dist/collector/main.js')

/** Resolves once events can be taken and the database is open. */
export async function startProduct(options: ProductOptions = {}): Promise<Product> {
  const folder = options.folder ?? mkdtempSync(join(tmpdir(), 'lightfoot-product-'))
  const [port, adminPort] = await freePorts(2)
  const configFile = join(folder, 'lightfoot.json')
  if (options.config !== undefined) writeFileSync(configFile, JSON.stringify(options.config))
  const env = {
    ...process.env,
    // Not named: it is the default one of the folder, and without it the demo is served.
    LIGHTFOOT_CONFIG: '',
    LIGHTFOOT_DATA: join(folder, 'data'),
    LIGHTFOOT_HOST: '127.0.0.1',
    LIGHTFOOT_PORT: String(port),
    LIGHTFOOT_ADMIN_PORT: String(adminPort),
    LIGHTFOOT_WORKERS: '1',
    ...options.env,
  }
  const child = spawn(process.execPath, [main, 'serve', ...(options.args ?? [])], {
    cwd: folder,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const product = describe(child, { folder, configFile, env, ownsFolder: options.folder === undefined })
  try {
    await untilReady(product, child)
  } catch (error) {
    await product.stop()
    throw error
  }
  return product
}

type Place = { folder: string; configFile: string; env: NodeJS.ProcessEnv; ownsFolder: boolean }

function describe(child: ChildProcess, { folder, configFile, env, ownsFolder }: Place): Product {
  const publicUrl = `http://127.0.0.1:${env.LIGHTFOOT_PORT}`
  const adminUrl = `http://127.0.0.1:${env.LIGHTFOOT_ADMIN_PORT}`
  const dataDirectory = String(env.LIGHTFOOT_DATA)
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', chunk => (output += chunk))
  const exit = new Promise<number | null>(resolve => child.once('exit', resolve))
  const pids = () => readPids(dataDirectory, child.pid ?? 0)
  return {
    publicUrl,
    adminUrl,
    folder,
    dataDirectory,
    configFile,
    env,
    output: () => output,
    report: (name, site) => askReport(adminUrl, name, site),
    cli: args => runProgram(process.execPath, [main, ...args], { cwd: folder, env }),
    pids,
    kill: (role, signal = 'SIGKILL') => {
      for (const pid of pidsOf(pids(), role)) signalProcess(pid, signal)
    },
    ended: () => exit,
    async stop() {
      if (child.exitCode === null) child.kill('SIGTERM')
      const status = await Promise.race([exit, sleep(stopMs, 'late' as const, { ref: false })])
      if (status === 'late') for (const pid of pidsOf(pids(), 'all')) signalProcess(pid, 'SIGKILL')
      if (ownsFolder) rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
    },
  }
}

async function untilReady(product: Product, child: ChildProcess): Promise<void> {
  const deadline = Date.now() + startMs
  for (;;) {
    if (child.exitCode !== null) throw new Error(`the product ended at start:\n${product.output()}`)
    if ((await isReady(product.publicUrl)) && (await isReady(product.adminUrl))) return
    if (Date.now() > deadline) throw new Error(`the product did not become ready:\n${product.output()}`)
    await sleep(50)
  }
}

export async function isReady(url: string): Promise<boolean> {
  const answer = await fetch(`${url}/readyz`).catch(() => undefined)
  return answer?.status === 200
}

async function askReport(adminUrl: string, name: string, site?: string): Promise<Record<string, unknown>[]> {
  const day = (offset: number) => new Date(Date.now() + offset * 86_400_000).toISOString().slice(0, 10)
  const query = new URLSearchParams({ from: day(-4), to: day(1), ...(site === undefined ? {} : { site }) })
  const response = await fetch(`${adminUrl}/api/reports/${name}?${query}`)
  if (!response.ok) throw new Error(`report ${name}: ${response.status} ${await response.text()}`)
  const answer = (await response.json()) as { rows: Record<string, unknown>[] }
  return answer.rows
}

/** Events that the report `totals` counts, whatever their type. 0 while the database is away. */
export async function countReported(product: Product, site?: string): Promise<number> {
  const rows = await product.report('totals', site).catch(() => [])
  return rows.reduce((sum, row) => sum + Number(row.events), 0)
}

/** Until nothing waits any more: the spool is loaded and every changed day is folded, so that reports are complete. Twice, since what browsers sent may still be on its way. */
export async function untilReported(product: Product, timeoutMs = 90_000): Promise<void> {
  const deadline = Date.now() + timeoutMs
  for (let quiet = 0; quiet < 2; ) {
    if (Date.now() > deadline)
      throw new Error(`events still wait after ${timeoutMs} ms:\n${product.output()}`)
    await sleep(120)
    quiet = isAtRest(await askStatus(product.adminUrl)) ? quiet + 1 : 0
  }
}

/** From data/serve.json and, for who is what, the processes' own command lines. */
function readPids(dataDirectory: string, supervisor: number): Pids {
  const file = join(dataDirectory, 'serve.json')
  if (!existsSync(file)) return { supervisor, engine: undefined, acceptors: [] }
  const children: { pid: number }[] = JSON.parse(readFileSync(file, 'utf8')).children
  const alive = children.map(({ pid }) => pid).filter(pid => commandLine(pid) !== '')
  const isEngine = (pid: number) => commandLine(pid).includes('engine_process')
  return { supervisor, engine: alive.find(isEngine), acceptors: alive.filter(pid => !isEngine(pid)) }
}

function commandLine(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8')
  } catch {
    return ''
  }
}

function pidsOf({ supervisor, engine, acceptors }: Pids, role: Role): number[] {
  const engines = engine === undefined ? [] : [engine]
  if (role === 'supervisor') return [supervisor]
  if (role === 'engine') return engines
  if (role === 'acceptor') return [...acceptors]
  return [supervisor, ...engines, ...acceptors]
}

function signalProcess(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal)
  } catch {
    // It has ended already, which is as good.
  }
}
