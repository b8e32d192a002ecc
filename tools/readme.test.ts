// Every command in the README is run. A command that stands there and not in this file fails the first test.

import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { packageRoot } from '../collector/config/package_root.ts'
import { freePorts } from './testing/free_ports.ts'
import { isReady } from './testing/product.ts'
import { type Ran, runProgram } from './testing/run_program.ts'
import { fullOrShort } from './testing/test_rounds.ts'
import { waitUntil } from './testing/wait_until.ts'

const root = packageRoot()
const readme = readFileSync(path.join(root, 'README.md'), 'utf8')
let folder: string
let env: NodeJS.ProcessEnv
let server: ChildProcess | undefined

beforeAll(async () => {
  // A folder as it is after `npm install lightfoot`: npx finds the command there.
  folder = mkdtempSync(path.join(tmpdir(), 'lightfoot-readme-'))
  mkdirSync(path.join(folder, 'node_modules/.bin'), { recursive: true })
  symlinkSync(path.join(root, 'dist/collector/main.js'), path.join(folder, 'node_modules/.bin/lightfoot'))
  const [port, adminPort] = await freePorts(2)
  env = {
    ...process.env,
    // The default: there is none in the repository, and in the folder it is what init writes.
    LIGHTFOOT_CONFIG: '',
    LIGHTFOOT_DATA: path.join(folder, 'data'),
    LIGHTFOOT_HOST: '127.0.0.1',
    LIGHTFOOT_PORT: String(port),
    LIGHTFOOT_ADMIN_PORT: String(adminPort),
    LIGHTFOOT_WORKERS: '1',
  }
})

afterAll(async () => {
  await stopServer()
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
})

/** Commands of the sh blocks, and of code spans that begin with npm or npx. */
function readmeCommands(): string[] {
  const blocks = [...readme.matchAll(/```sh\n([\s\S]*?)```/g)].flatMap(([, block = '']) => block.split('\n'))
  const prose = readme.replaceAll(/```[\s\S]*?```/g, '')
  const spans = [...prose.matchAll(/`((?:npm|npx)\s[^`]*)`/g)].map(([, span = '']) => span)
  return [...new Set([...blocks, ...spans].map(command => command.replaceAll(/\s+/g, ' ').trim()))].filter(
    command => command !== '',
  )
}

/** Splits as a shell would, as far as the README goes: spaces and double quotes. */
function words(command: string): string[] {
  return [...command.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? '')
}

async function run(command: string, cwd = folder, timeoutMs = 120_000): Promise<Ran> {
  const [program = '', ...parameters] = words(command)
  return runProgram(program, parameters, { cwd, env, timeoutMs })
}

/** In a process group of its own, since npm and npx start the program as a grandchild. */
async function startServer(command: string, cwd: string): Promise<void> {
  const [program = '', ...parameters] = words(command)
  server = spawn(program, parameters, { cwd, env, stdio: 'ignore', detached: true })
  await waitUntil(
    'the product is ready',
    () => isReady(`http://127.0.0.1:${env.LIGHTFOOT_ADMIN_PORT}`),
    45_000,
  )
}

async function stopServer(): Promise<void> {
  const pid = server?.pid
  server = undefined
  if (pid === undefined) return
  try {
    process.kill(-pid, 'SIGTERM')
  } catch {
    return // It has ended by itself, and the test that needed it says so.
  }
  await waitUntil('the product has ended', () => !existsSync(path.join(folder, 'data/serve.sock')), 30_000)
}

const init =
  'npx lightfoot init --site shop --origin https://www.example.com --mode exempt --controller "Example Ltd" --contact privacy@example.com'
const sources = 'npx lightfoot report sources --site demo --from 2026-01-01 --to 2026-12-31 --format csv'
/** Run by .ci/run itself, on a clean checkout: a test that runs them would run itself. */
const runByCi = ['npm ci', 'npm test', 'npm run check']
/** Rewrites the golden files that collector/reports/golden.test.ts compares with; the same file, so not run again here. */
const rewrites = ['npm run golden']
/** Run by tools/faults/kill_rounds.test.ts and tools/fuzz/fuzz.test.ts, for as long as they need. */
const runByFaults = ['npm run torture', 'npm run fuzz']
const runHere = [
  'npm start',
  'npx lightfoot demo',
  'npx lightfoot report pages --site demo',
  sources,
  'npm run bench',
  'npm run loadtest -- smoke',
  init,
  'npx lightfoot serve',
  'npx lightfoot snippet --site shop --collector https://stats.example.com',
  'npx lightfoot doctor',
]

test('every command of the README is known here', () => {
  expect(readmeCommands().sort()).toEqual([...runByCi, ...rewrites, ...runByFaults, ...runHere].sort())
})

test('every file that the README shows or links to is there', () => {
  const links = [...readme.matchAll(/\]\((?!https?:)([^)#]+)/g)].map(([, link = '']) => link)
  expect(links.length).toBeGreaterThan(5)
  expect(links.filter(link => !existsSync(path.join(root, link)))).toEqual([])
})

test('CI runs the commands that cannot be run inside a test', () => {
  const ci = readFileSync(path.join(root, '.ci/run'), 'utf8')
  for (const command of runByCi) expect(ci).toContain(command)
  const { scripts } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'))
  expect(scripts.golden).toContain('collector/reports/golden.test.ts')
  expect(readFileSync(path.join(root, 'tools/faults/kill_rounds.test.ts'), 'utf8')).toContain("'torture'")
  expect(readFileSync(path.join(root, 'tools/fuzz/fuzz.test.ts'), 'utf8')).toContain("'fuzz'")
})

/** Events that the demo's reports count so far. */
async function countReported(): Promise<number> {
  const day = (offset: number) => new Date(Date.now() + offset * 86_400_000).toISOString().slice(0, 10)
  const query = `site=demo&from=${day(-4)}&to=${day(1)}`
  const answer = await fetch(`http://127.0.0.1:${env.LIGHTFOOT_ADMIN_PORT}/api/reports/totals?${query}`)
  const { rows } = (await answer.json()) as { rows: { events: string }[] }
  return rows.reduce((sum, row) => sum + Number(row.events), 0)
}

// One after the other on the same ports, and beside them the bench, which has its own: both mostly wait.
describe.concurrent('the product', () => {
  test.sequential('npm start serves the demo, and the load test runs k6, or says in one line how to get it', async () => {
    await startServer('npm start', root)
    const url = `http://127.0.0.1:${env.LIGHTFOOT_PORT}`
    const admin = `http://127.0.0.1:${env.LIGHTFOOT_ADMIN_PORT}`
    const k6 = await run('k6 version').catch(() => undefined)
    const options = `--url ${url} --admin ${admin} --duration 2s --vus 2`
    // Before the demo's three days of visits, since it waits until all that came before it is folded.
    const ran = await run(`npm run --silent loadtest -- smoke ${options}`, root)
    if (k6) {
      expect(ran.status, ran.stdout + ran.stderr).toBe(0)
      expect(ran.stdout).toContain('acknowledged = reported')
    } else {
      expect(ran.status).toBe(1)
      expect(ran.stderr.trim().split('\n')).toHaveLength(1)
      expect(ran.stderr).toContain('go install go.k6.io/k6@latest')
    }
  }, 180_000)

  test.sequential('the demo is visited and reported', async () => {
    const before = await countReported()
    const visited = await run('npx lightfoot demo')
    expect(visited.status, visited.stderr).toBe(0)
    await waitUntil('visits are reported', async () => (await countReported()) > before)
    const [pages, exported] = await Promise.all([run('npx lightfoot report pages --site demo'), run(sources)])
    expect(pages.stdout).toContain('/demo/')
    expect(exported.status, exported.stderr).toBe(0)
    expect(exported.stdout.split('\n')[0]).toContain('"visitors"')
    await stopServer()
  }, 240_000)

  test.sequential('your site: configured, served, snippet printed, checked', async () => {
    const configured = await run(init)
    expect(configured.status, configured.stderr).toBe(0)
    await startServer('npx lightfoot serve', folder)
    const [snippet, checked] = await Promise.all([
      run('npx lightfoot snippet --site shop --collector https://stats.example.com'),
      run('npx lightfoot doctor'),
    ])
    expect(snippet.stdout).toContain('data-site="shop"')
    expect(snippet.stdout).toContain('src="https://stats.example.com/lightfoot.js"')
    expect(checked.status, checked.stdout + checked.stderr).toBe(0)
    await stopServer()
  }, 180_000)
})

test.concurrent('the bench measures and prints its ratios', {
  skip: fullOrShort(false, true),
  timeout: 240_000,
}, async () => {
  const bench = await run('npm run --silent bench -- --only rates --rounds 1 --seconds 1 --no-record', root)
  expect(bench.status, bench.stdout + bench.stderr).toBe(0)
  expect(bench.stdout).toContain('Lightfoot, 50 events')
})
