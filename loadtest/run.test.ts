// Each script for a few seconds against the built product, where k6 is on the machine. (README's own run is on the demo.)

import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Product, startProduct } from '../tools/testing/product.ts'
import { runProgram } from '../tools/testing/run_program.ts'

const hasK6 = spawnSync('k6', ['version']).error === undefined
if (!hasK6) console.log('skipped: k6 is not on the PATH; `go install go.k6.io/k6@latest` builds it')

const loadtest = join(import.meta.dirname, 'run.mjs')
const folder = mkdtempSync(join(tmpdir(), 'lightfoot-loadtest-test-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** However busy the machine is: what is tested here is that scripts run, not how fast. */
const patient = ['--p99', '60000']

const scripts = ['smoke', 'ramp', 'soak', 'spike', 'mixed']
const site = { origins: ['https://www.example.com'], mode: 'exempt', policy: 1, minimumGroup: 1 }

describe.skipIf(!hasK6)('k6', () => {
  let product: Product
  beforeAll(async () => {
    product = await startProduct({ config: { sites: scripts.map(id => ({ ...site, id })) } })
  })
  afterAll(() => product?.stop())

  // Side by side, since each mostly waits for its events to be loaded and folded; and so each on a site of its own.
  test.concurrent.each([
    ['smoke', ['--duration', '1s', '--vus', '2'], 'ok     checks rate==1'],
    ['ramp', ['--duration', '1s', '--rate', '10', '--steps', '2'], 'knee: '],
    ['soak', ['--duration', '2s', '--rate', '10'], 'memory of engine: '],
    ['spike', ['--duration', '4s', '--rate', '4'], 'lag is back at '],
    ['mixed', ['--duration', '2s', '--rate', '30'], 'bad requests, refused as they should be: '],
  ])(
    '%s',
    async (script, options, wanted) => {
      const files = { summary: join(folder, `${script}.txt`), html: join(folder, `${script}.html`) }
      const { status, stdout, stderr } = await runProgram(
        process.execPath,
        [
          ...[loadtest, script, '--url', product.publicUrl, '--admin', product.adminUrl, '--site', script],
          ...['--summary', files.summary, '--html', files.html, ...patient, ...options],
        ],
        { cwd: folder, env: process.env, timeoutMs: 110_000 },
      )
      expect(status, stdout + stderr).toBe(0)
      expect(stdout).toContain(wanted)
      expect(stdout).toContain('acknowledged = reported')
      expect(stdout).toContain(readFileSync(files.summary, 'utf8'))
      expect(readFileSync(files.html, 'utf8')).toContain('</html>')
    },
    120_000,
  )
})

test.each([
  [['storm'], 2, 'say which run'],
  [['smoke', '--url', 'https://stats.example.com'], 2, 'is not loopback'],
  [['smoke', '--admin', 'http://127.0.0.1:1'], 1, hasK6 ? 'start one: npm start' : 'go install'],
])('%s is refused in one clear line', async (args, wanted, message) => {
  const { status, stdout, stderr } = await runProgram(process.execPath, [loadtest, ...args], {
    cwd: folder,
    env: process.env,
    timeoutMs: 20_000,
  })
  expect([status, stdout]).toEqual([wanted, ''])
  expect(stderr.trim().split('\n')).toHaveLength(1)
  expect(stderr).toContain(message)
})
