// The package as a user gets it: packed, installed into an empty folder, configured, served, sent a batch, asked for a
// report. Needs the package registry (or npm's cache), as any installation does.

import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { json } from 'node:stream/consumers'
import { build as esbuild } from 'esbuild'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { packageRoot } from '../collector/config/package_root.ts'
import type { Batch } from '../contract/events.ts'
import { openBrowser } from './testing/browser.ts'
import { freePorts } from './testing/free_ports.ts'
import { runProgram } from './testing/run_program.ts'
import { postBatch, sampleBatch } from './testing/sample_batch.ts'

const origin = 'https://www.example.com'
let folder: string
let files: string[]
let server: ChildProcess | undefined

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'lightfoot-package-'))
  const packed = await runProgram(
    'npm',
    ['pack', '--json', '--ignore-scripts', '--pack-destination', folder],
    { cwd: packageRoot() },
  )
  const [tarball] = JSON.parse(packed.stdout)
  files = tarball.files.map((file: { path: string }) => file.path)
  const installed = await runProgram(
    'npm',
    ['install', '--prefer-offline', '--no-audit', '--no-fund', path.join(folder, tarball.filename)],
    { cwd: folder, timeoutMs: 240_000 },
  )
  expect(installed.status, installed.stderr).toBe(0)
}, 300_000)

afterAll(() => {
  signalGroup('SIGKILL')
  rmSync(folder, { recursive: true, force: true })
})

/** npx starts the program as a grandchild, so the whole process group is told; one that has ended already is fine. */
function signalGroup(signal: NodeJS.Signals): void {
  if (server?.pid === undefined) return
  try {
    process.kill(-server.pid, signal)
  } catch {
    server = undefined
  }
}

test('the package holds what runs, and no sources of tests, no tools, no demo data', () => {
  expect(files).toContain('dist/collector/main.js')
  expect(files).toContain('dist/tracker/lightfoot.js')
  expect(files).toContain('dist/tracker/module/index.js')
  expect(files).toContain('dist/tracker/module/index.d.ts')
  expect(files).toContain('dist/dashboard/index.html')
  expect(files).toContain('examples/lab/index.html')
  expect(files).toContain('migrations/0001_events.sql')
  expect(files).toContain('reports/pages.sql')
  expect(files).toContain('lightfoot.schema.json')
  const wrong = files.filter(
    file =>
      /\.test\.|golden|^tools\/|testing|^data\/|figures\.ndjson/.test(file) || /(^|[^d])\.ts$/.test(file),
  )
  expect(wrong).toEqual([])
})

test('lightfoot/tracker of the installed package: bundled by a site it counts a page, on a server it does nothing', async () => {
  const options = "site: 'shop', mode: 'exempt', policy: 1, local: true"
  const source = `import { init } from 'lightfoot/tracker'; init({ ${options} }); globalThis.isRun = true`
  const build = { bundle: true, splitting: true, format: 'esm', write: false, outdir: folder } as const
  const { outputFiles } = await esbuild({ ...build, stdin: { contents: source, resolveDir: folder } })
  const scripts = new Map(outputFiles.map(file => [`/${path.basename(file.path)}`, file.text]))
  const batches: Batch[] = []
  const site = createServer(async (request, response) => {
    const script = scripts.get(request.url ?? '')
    if (request.method === 'POST') batches.push((await json(request)) as Batch)
    response.setHeader('Content-Type', script ? 'text/javascript' : 'text/html')
    response.end(script ?? '<!doctype html><title>a</title><script type=module src=/stdin.js></script>')
  })
  await new Promise<void>(resolve => site.listen(0, '127.0.0.1', resolve))
  const browser = await openBrowser()
  const page = await browser.newPage()
  await page.goto(`http://127.0.0.1:${(site.address() as AddressInfo).port}/`)
  await expect
    .poll(() => batches.flatMap(({ events }) => events.map(({ type }) => type)))
    .toContain('pageview')
  expect(page.faults).toEqual([])
  await browser.close()
  site.close()

  const served = await runProgram(process.execPath, ['--input-type=module', '-e', source], { cwd: folder })
  expect([served.status, served.stdout, served.stderr]).toEqual([0, '', ''])
})

test('installed into an empty folder it is configured, serves, takes a batch and reports it', async () => {
  const [port, adminPort] = await freePorts(2)
  const env = {
    ...process.env,
    LIGHTFOOT_PORT: String(port),
    LIGHTFOOT_ADMIN_PORT: String(adminPort),
    LIGHTFOOT_HOST: '127.0.0.1',
    LIGHTFOOT_WORKERS: '1',
  }
  const lightfoot = (...parameters: string[]) =>
    runProgram('npx', ['--no-install', 'lightfoot', ...parameters], { cwd: folder, env })

  const init = await lightfoot(
    ...['init', '--site', 'shop', '--origin', origin, '--mode', 'exempt'],
    ...['--controller', 'Example Ltd', '--contact', 'privacy@example.com'],
  )
  expect(init.status, init.stderr).toBe(0)

  server = spawn('npx', ['--no-install', 'lightfoot', 'serve'], {
    cwd: folder,
    env,
    stdio: 'ignore',
    detached: true,
  })
  const collector = `http://127.0.0.1:${port}`
  await expect
    .poll(
      () =>
        fetch(`${collector}/readyz`)
          .then(answer => answer.status)
          .catch(() => 0),
      { timeout: 30_000 },
    )
    .toBe(200)

  const answer = await postBatch(collector, origin, sampleBatch('shop', origin, 3))
  expect(answer.status).toBe(202)
  expect(await answer.json()).toEqual({ accepted: 3, dropped: {} })

  await expect
    .poll(
      async () => {
        const answer = await fetch(`http://127.0.0.1:${adminPort}/api/status`)
        const status = (await answer.json()) as {
          load: { rows: number } | null
          fold: { dirtyDays: string[]; folding: string | null } | null
        }
        return [status.load?.rows, status.fold?.dirtyDays.length, status.fold?.folding]
      },
      { timeout: 45_000 },
    )
    .toEqual([3, 0, null])
  const report = await lightfoot('report', 'totals', '--site', 'shop', '--format', 'json')
  expect(report.status, report.stderr).toBe(0)
  const rows: { events: string | number }[] = JSON.parse(report.stdout).rows
  expect(rows.reduce((sum, row) => sum + Number(row.events), 0)).toBe(3)

  signalGroup('SIGTERM')
  await expect
    .poll(
      () =>
        fetch(`${collector}/healthz`)
          .then(() => 'answers')
          .catch(() => 'gone'),
      { timeout: 30_000 },
    )
    .toBe('gone')
}, 150_000)
