// The package's module as a site uses it: bundled once more with splitting, in a real page; and imported on a server.

import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { build } from 'esbuild'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { packageRoot } from '../collector/config/package_root.ts'
import { exempt, tellNow, useLab } from '../tools/testing/tracker_lab.ts'

const fixture = useLab()
let folder: string

beforeAll(() => {
  // As an installed package: its `exports` decide what `lightfoot/tracker` is.
  folder = mkdtempSync(join(tmpdir(), 'lightfoot-module-'))
  mkdirSync(join(folder, 'node_modules'))
  symlinkSync(packageRoot(), join(folder, 'node_modules/lightfoot'))
})

afterAll(() => rmSync(folder, { recursive: true }))

/** Bundles an application and serves it at /page, its split files beside it; gives the names of all files. */
async function serve(source: string, head = ''): Promise<string[]> {
  const { lab } = fixture
  const { outputFiles } = await build({
    stdin: { contents: source, resolveDir: folder },
    outdir: join(folder, 'out'),
    bundle: true,
    splitting: true,
    minify: true,
    format: 'esm',
    write: false,
    preserveSymlinks: true,
  })
  const files = outputFiles.map(({ path, text }) => ({ name: path.slice(join(folder, 'out').length), text }))
  for (const { name, text } of files) lab.pages.set(name, { type: 'text/javascript', body: text })
  lab.pages.set('/page', { head, body: '<script type=module src=/stdin.js></script>' })
  return files.map(({ name }) => name)
}

const options = `site: 'lab', mode: 'exempt', policy: 1, local: true`

test('calls before init wait for it; twice is once; the parts are files of their own', async () => {
  const { lab } = fixture
  const files = await serve(`
    import { consent, init, track } from 'lightfoot/tracker'
    track('early')
    const early = consent.status()
    init({ ${options} })
    init({ site: 'other', mode: 'strict', policy: 2 })
    track('late')
    window.outcome = consent.set({ purposes: ['statistics'] }).then(status => [early, status])`)
  expect(files.length).toBeGreaterThan(2)
  const page = await fixture.newPage()
  await page.goto(`${lab.origin}/page`)
  expect(await page.evaluate('outcome')).toEqual([
    undefined,
    { level: 'granted', purposes: ['statistics'], policy: 1 },
  ])
  await tellNow(page)
  await lab.until('custom', 2)
  await lab.until('pageview', 2)
  expect(lab.events('custom').map(({ name }) => name)).toEqual(['early', 'late'])
  expect(lab.events('pageview').map(({ navigation }) => navigation)).toEqual(['navigate', 'consent'])
  expect(new Set(lab.batches.map(({ site }) => site))).toEqual(new Set(['lab']))
})

test('beside the snippet it counts nothing twice, and its calls are the snippet’s', async () => {
  const { lab } = fixture
  const snippet = `<script src="/lightfoot.js" data-site="lab" ${exempt}></script>`
  await serve(`import { init, track } from 'lightfoot/tracker'; init({ ${options} }); track('one')`, snippet)
  const page = await fixture.newPage()
  await page.goto(`${lab.origin}/page`)
  await lab.until('custom')
  await page.waitForLoadState()
  await tellNow(page)
  expect(new Set(lab.events('pageview').map(({ pageId }) => pageId)).size).toBe(1)
})

test('without init nothing happens, and what waits is bounded', async () => {
  const { lab } = fixture
  await serve(`import { consent, track } from 'lightfoot/tracker'
    for (let i = 0; i < 1000; i++) track('event ' + i)
    window.outcome = consent.object()`)
  const page = await fixture.newPage()
  await page.goto(`${lab.origin}/page`)
  expect(await page.evaluate('outcome')).toBeUndefined()
  expect(await page.evaluate('lightfoot.q.length')).toBe(100)
  await tellNow(page)
  expect(lab.requests).toEqual([])
})

test('on a server everything can be imported and called, and does nothing', () => {
  const script = `
    const before = Object.getOwnPropertyNames(globalThis).length
    globalThis.fetch = () => { throw new Error('asked') }
    const { init, pageview, consent, ...calls } = await import('lightfoot/tracker')
    init({ site: 'lab', mode: 'exempt', policy: 1 })
    pageview()
    for (const call of Object.values(calls)) call('name', 1)
    const answers = [consent.status(), await consent.set({ purposes: [] }), await consent.withdraw(), await consent.object()]
    console.log(JSON.stringify(answers), Object.getOwnPropertyNames(globalThis).length - before)`
  writeFileSync(join(folder, 'server.mjs'), script)
  const { stdout, stderr } = spawnSync(process.execPath, ['server.mjs'], { cwd: folder, encoding: 'utf8' })
  expect([stdout, stderr]).toEqual(['[null,null,null,null] 0\n', ''])
})

test.each([
  ['a bundler’s', { module: 'esnext', moduleResolution: 'bundler', lib: ['es2022', 'dom'] }],
  ['Node’s, where there is no page', { module: 'nodenext', moduleResolution: 'nodenext', lib: ['es2022'] }],
])('the types stand alone: %s resolution', (_, resolution) => {
  const compilerOptions = { ...resolution, strict: true, skipLibCheck: false, types: [], noEmit: true }
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['use.mts'] }))
  writeFileSync(
    join(folder, 'use.mts'),
    `import { consent, init, search, track, view, type Purpose } from 'lightfoot/tracker'
     const purposes: Purpose[] = ['statistics', 'behaviour']
     init({ site: 'shop', mode: 'strict', policy: 2, collector: 'https://stats.example.com', exclude: '/admin/*' })
     view('Tern', 'Kites')
     search('delta', 3)
     track('signed up', { plan: 'small' })
     consent.set({ purposes }).then(status => status?.level === 'granted')
     // @ts-expect-error: there is no such purpose
     consent.set({ purposes: ['all'] })
     // @ts-expect-error: a mode has to be said
     init({ site: 'shop', policy: 2 })`,
  )
  const tsc = join(packageRoot(), 'node_modules/typescript/bin/tsc')
  const { stdout } = spawnSync(process.execPath, [tsc, '-p', folder], { encoding: 'utf8' })
  expect(stdout).toBe('')
})

test('the module is written for the browsers that the scripts are, without constants of the build', () => {
  const text = readFileSync(join(packageRoot(), 'dist/tracker/module/index.js'), 'utf8')
  expect(text).not.toMatch(/PURPOSE_OF|LIMIT\.|IS_CORE/)
  expect(text).toMatch(/import\("\.\.\/lightfoot\.consent\.js"\)/)
})
