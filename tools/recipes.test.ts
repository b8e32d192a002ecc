// The documents' code for frameworks and the calls that they name hold against the types that the package publishes. The
// frameworks are stood in for by the few types that the recipes use.

import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { packageRoot } from '../collector/config/package_root.ts'

const root = packageRoot()
const read = (file: string) => readFileSync(join(root, 'docs', file), 'utf8')

const frameworks = `
declare module 'react' { export function useEffect(effect: () => void | (() => void), dependencies: readonly unknown[]): void }
declare module 'vue' { export function createApp(root: object): { mount(selector: string): void } }
declare module '*.vue' { const component: object; export default component }
declare namespace JSX {
  interface Element {}
  interface IntrinsicElements { button: { 'data-lf'?: string; onClick?: () => void; children?: unknown } }
}`

/** By file name, each block of code in TypeScript, and the calls of the table in tracker.md. */
function documented(): Map<string, string> {
  const blocks = [...read('recipes.md').matchAll(/^```(tsx?)\n([^`]+)^```/gm)]
  const files = new Map(blocks.map(([, type, code = ''], number) => [`recipe_${number}.${type}`, code]))
  const [table = ''] = read('tracker.md').split('| call | effect |')[1]?.split('\n\n') ?? []
  const calls = [...table.matchAll(/^\| `(lightfoot\.[^`]+)`/gm)].map(([, call]) => call)
  return files.set('calls.ts', calls.join('\n'))
}

/** What the compiler says of these files, by file. */
function complaints(files: Map<string, string>): Map<string, string> {
  const folder = mkdtempSync(join(tmpdir(), 'lightfoot-recipes-'))
  const types = join(root, 'dist/tracker/module/index.d.ts')
  const compilerOptions = {
    strict: true,
    noEmit: true,
    jsx: 'preserve',
    target: 'es2022',
    module: 'esnext',
    moduleResolution: 'bundler',
    lib: ['es2022', 'dom'],
    types: [],
    paths: { 'lightfoot/tracker': [types] },
  }
  const global = `declare const lightfoot: import('lightfoot/tracker').Lightfoot`
  const all = new Map([...files, ['frameworks.d.ts', frameworks], ['global.d.ts', global]])
  for (const [name, text] of all) writeFileSync(join(folder, name), text)
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, include: ['*'] }))
  const tsc = join(root, 'node_modules/typescript/bin/tsc')
  const { stdout } = spawnSync(process.execPath, [tsc, '-p', folder, '--pretty', 'false'], {
    cwd: folder,
    encoding: 'utf8',
  })
  rmSync(folder, { recursive: true })
  const found = stdout.split('\n').filter(line => line !== '')
  return new Map(found.map(line => [line.split('(')[0] ?? '', line]))
}

test('recipes and calls compile against the published types; a wrong one would not', () => {
  const files = documented()
  expect(files.size).toBeGreaterThan(6)
  expect(files.get('calls.ts')?.split('\n').length).toBeGreaterThan(7)
  const wrong = [
    ['wrong_call.ts', "import { track } from 'lightfoot/tracker'\ntrack(7)"],
    ['wrong_name.ts', "import { send } from 'lightfoot/tracker'\nsend()"],
    [
      'wrong_option.ts',
      "import { init } from 'lightfoot/tracker'\ninit({ site: 'shop', mode: 'loose', policy: 1 })",
    ],
    ['wrong_global.ts', 'lightfoot.identify()'],
  ] as const
  const found = complaints(new Map([...files, ...wrong]))
  for (const [name] of wrong) expect(found.get(name)).toContain('error TS')
  for (const [name] of wrong) found.delete(name)
  expect([...found.values()]).toEqual([])
})
