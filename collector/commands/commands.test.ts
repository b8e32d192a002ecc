// The built command line: exit status 0, 1 with one clear line, 2 with one line for wrong usage.

import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { freePorts } from '../../tools/testing/free_ports.ts'
import { type Ran, runProgram } from '../../tools/testing/run_program.ts'
import { packageRoot } from '../config/package_root.ts'

let folder: string
let env: NodeJS.ProcessEnv
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'lightfoot-cli-'))
  const [port, adminPort] = await freePorts(2)
  env = { ...process.env, LIGHTFOOT_PORT: String(port), LIGHTFOOT_ADMIN_PORT: String(adminPort) }
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

function lightfoot(args: readonly string[], more: Record<string, string> = {}): Promise<Ran> {
  const main = join(packageRoot(), 'dist/collector/main.js')
  return runProgram(process.execPath, [main, ...args], { cwd: folder, env: { ...env, ...more } })
}

function expectOneLine({ stdout, stderr }: Ran): void {
  expect(stdout).toBe('')
  expect(stderr.trim().split('\n'), stderr).toHaveLength(1)
  expect(stderr).toMatch(/^lightfoot: /)
}

const initFlags = ['init', '--site', 'shop', '--origin', 'https://www.example.com', '--mode', 'exempt']

describe('wrong usage ends with 2 and one line', () => {
  test.each<[string, string[]]>([
    ['an unknown command', ['srve']],
    ['an unknown flag', ['serve', '--prot', '80']],
    ['a missing argument', ['report']],
    ['an argument too many', ['serve', 'now']],
    ['a missing value', ['report', 'totals', '--site']],
    ['an unknown report', ['report', 'nothing']],
    ['an unknown format', ['report', 'totals', '--format', 'xls']],
    ['a day that is none', ['fold', '--from', '2026-02-30']],
    ['an unknown action', ['spool', 'eat']],
    ['a word too many for an action', ['spool', 'verify', '1000000042']],
    ['a load that is no number of one', ['spool', 'replay', '42']],
    ['a mode that is none', ['init', '--site', 'a', '--origin', 'https://a.example', '--mode', 'lax']],
    ['nobody to ask', ['init']],
    ['a flag given twice', ['snippet', '--site', 'a', '--site', 'b']],
    ['a collector that is no address', ['snippet', '--collector', 'stats.example.com']],
    ['an excluded path that is none', ['snippet', '--exclude', '/admin/*,drafts']],
    ['a site that is not there', ['snippet', '--site', 'nobody']],
  ])('%s', async (_name, args) => {
    const ran = await lightfoot(args)
    expect(ran.status).toBe(2)
    expectOneLine(ran)
  })
})

describe('wrong configuration ends with 1 and one line that names key and fix', () => {
  const site = { id: 'shop', origins: ['https://www.example.com'], mode: 'exempt', policy: 1 }
  test.each<[string, unknown, Record<string, string>, RegExp]>([
    ['an unknown key', { sites: [{ ...site, mod: 'strict' }] }, {}, /sites\[0\].*mod/],
    ['no mode', { sites: [{ ...site, mode: undefined }] }, {}, /sites\[0\]\.mode/],
    ['a zone that is none', { sites: [{ ...site, timezone: 'Mars/Base' }] }, {}, /timezone/],
    ['a port that is none', { sites: [site] }, { LIGHTFOOT_PORT: 'eighty' }, /LIGHTFOOT_PORT/],
    [
      'a named file that is missing',
      { sites: [site] },
      { LIGHTFOOT_CONFIG: 'none.json' },
      /none\.json: not found/,
    ],
    [
      'an open private listener',
      { sites: [site] },
      { LIGHTFOOT_ADMIN_HOST: '0.0.0.0' },
      /LIGHTFOOT_ADMIN_TOKEN/,
    ],
  ])('%s', async (_name, config, more, line) => {
    writeFileSync(join(folder, 'lightfoot.json'), JSON.stringify(config))
    const ran = await lightfoot(['serve'], more)
    expect(ran.status).toBe(1)
    expectOneLine(ran)
    expect(ran.stderr).toMatch(line)
    expect(existsSync(join(folder, 'data'))).toBe(false)
  })
})

test('help of every command has an example, version is the package’s', async () => {
  const { version } = JSON.parse(readFileSync(join(packageRoot(), 'package.json'), 'utf8'))
  expect((await lightfoot(['--version'])).stdout).toContain(version)
  const help = (await lightfoot(['--help'])).stdout
  const commands = [...help.matchAll(/^ {2}([a-z]+)(?: <[a-z]+>)?(?: \[\.\.\.[a-z]+\])? {2,}\S/gm)].map(
    match => match[1] ?? '',
  )
  expect(commands).toEqual(
    expect.arrayContaining([
      'serve',
      'init',
      'snippet',
      'report',
      'demo',
      'doctor',
      'spool',
      'fold',
      'migrate',
    ]),
  )
  const helps = await Promise.all(commands.map(command => lightfoot([command, '--help'])))
  expect(helps.map(({ status }) => status)).toEqual(commands.map(() => 0))
  for (const { stdout } of helps) expect(stdout).toContain('Examples:')
})

test('init, doctor, snippet, migrate, fold, spool status and report on a new folder', async () => {
  const made = await lightfoot([
    ...initFlags,
    '--controller',
    'Example Ltd',
    '--contact',
    'privacy@example.com',
  ])
  expect(made.status, made.stderr).toBe(0)
  expect(made.stdout).toContain('lightfoot serve')
  const again = await lightfoot(initFlags)
  expect(again.status).toBe(1)
  expectOneLine(again)
  expect((await lightfoot([...initFlags, '--force', '--timezone', 'Europe/Bucharest'])).status).toBe(0)

  const doctor = await lightfoot(['doctor'])
  expect(doctor.status, doctor.stdout).toBe(0)
  expect(doctor.stdout).toContain('site shop: exempt, in Europe/Bucharest')
  expect(doctor.stdout).not.toMatch(/^fail/m)

  const snippet = await lightfoot(['snippet', '--collector', 'https://stats.example.com/x', '--pinned'])
  expect(snippet.stdout).toMatch(
    /^<script defer src="https:\/\/stats\.example\.com\/t\/[0-9a-f]+\/lightfoot\.js" integrity="sha384-/,
  )
  expect(snippet.stderr).toBe('')
  const core = await lightfoot(['snippet', '--collector', 'https://stats.example.com', '--pinned', '--core'])
  const integrity = (stdout: string) => / integrity="(sha384-\S+)"/.exec(stdout)?.[1]
  expect(core.stdout).toContain(`${/\/t\/\w+\//.exec(snippet.stdout)?.[0]}lightfoot.core.js" `)
  expect(integrity(core.stdout)).not.toBe(integrity(snippet.stdout))
  expect(core.stderr).toBe('')
  const options = ['--manual', '--hash', '--local', '--exclude', '/admin/*, /drafts/*']
  const { stdout } = await lightfoot(['snippet', '--collector', 'https://stats.example.com', ...options])
  expect(stdout).toContain(' data-exclude="/admin/* /drafts/*" data-manual data-hash data-local></script>')
  const pixel = await lightfoot(['snippet', '--collector', 'https://stats.example.com', '--pixel'])
  expect(pixel.stdout.split('\n')[1]).toBe(
    '<noscript><img src="https://stats.example.com/v1/pixel.gif?site=shop&amp;path=PATH" alt="" width="1" height="1" referrerpolicy="strict-origin"></noscript>',
  )
  expect(pixel.stderr).toContain('PATH')

  const dry = await lightfoot(['migrate', '--dry-run'])
  expect(dry.stdout).toContain('would apply  0001_events.sql')
  expect((await lightfoot(['migrate'])).stdout).toContain('applied  0001_events.sql')
  expect((await lightfoot(['migrate'])).stdout).toContain('is there  0001_events.sql')
  expect((await lightfoot(['fold'])).status).toBe(0)
  expect((await lightfoot(['spool', 'status'])).stdout).toContain('does not run')

  const out = join(folder, 'totals.json')
  const report = await lightfoot(['report', 'totals', '--format', 'json', '--out', out])
  expect(report.status, report.stderr).toBe(0)
  expect(JSON.parse(readFileSync(out, 'utf8')).rows).toEqual([])
})

test('doctor says what is wrong, and hides secrets', async () => {
  writeFileSync(join(folder, 'lightfoot.json'), '{"sites":[]}')
  const { status, stdout } = await lightfoot(['doctor'], {
    LIGHTFOOT_ADMIN_TOKEN: 'secret-secret-secret',
    LIGHTFOOT_DATA: join(folder, 'lightfoot.json', 'data'),
  })
  expect(status).toBe(1)
  expect(stdout).toMatch(/^fail {2}configuration: /m)
  expect(stdout).toMatch(/^fail {2}data directory: /m)
  expect(stdout).not.toContain('secret-secret')
})
