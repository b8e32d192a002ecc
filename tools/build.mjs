// `npm run build`: makes dist/ from the sources. TypeScript is only stripped of its types for the service; what a browser
// loads is bundled and minified.

import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { brotliCompressSync, gzipSync, constants as zlib } from 'node:zlib'
import { build } from 'esbuild'
import { buildTracker, moduleBuildOptions, trackerFiles } from './tracker_build.mjs'
import { aims, peers } from './tracker_peers.mjs'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
// Written beside and exchanged at the end, so that a collector that runs from dist/ never finds half of it.
const dist = join(root, 'dist.next')
const startedAt = performance.now()

rmSync(dist, { recursive: true, force: true })
compileService()
await writeSchemas()
const scripts = await bundleTracker()
await bundleModule()
await bundleDashboard()
printSizes(scripts)
const seconds = ((performance.now() - startedAt) / 1000).toFixed(1)
exchange()
console.log(process.exitCode ? 'dist/ is written, but there are type errors' : `built dist/ in ${seconds} s`)

function exchange() {
  const current = join(root, 'dist')
  const previous = join(root, 'dist.previous')
  rmSync(previous, { recursive: true, force: true })
  if (existsSync(current)) renameSync(current, previous)
  renameSync(dist, current)
  rmSync(previous, { recursive: true, force: true })
}

/** contract/ and collector/ → dist/contract, dist/collector. A type error fails the build, after everything is written. */
function compileService() {
  const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc')
  const { status } = spawnSync(process.execPath, [tsc, '-p', 'tsconfig.build.json', '--outDir', dist], {
    cwd: root,
    stdio: 'inherit',
  })
  if (status !== 0) process.exitCode = 1
  const bin = join(dist, 'collector', 'main.js')
  if (existsSync(bin)) chmodSync(bin, 0o755)
}

/** The two published JSON Schemas: of a batch, and of lightfoot.json (at the root, so that editors find it). */
async function writeSchemas() {
  const { batchSchema } = await fromDist('contract/batch_schema.js')
  writeFileSync(join(dist, 'contract', 'batch.schema.json'), `${JSON.stringify(batchSchema, null, 2)}\n`)
  const { writeSchema } = await fromDist('collector/config/write_schema.js')
  writeSchema(join(root, 'lightfoot.schema.json'))
}

/**
 * tracker/*.ts → dist/tracker/*.js and manifest.json, from which the server knows hashes and integrity. `folder` is of all
 * files together: a pinned script finds its parts beside it, and they are of its own build.
 */
async function bundleTracker() {
  const scripts = []
  mkdirSync(join(dist, 'tracker'), { recursive: true })
  for (const [file, { bytesMax }] of Object.entries(trackerFiles)) {
    const outfile = join(dist, 'tracker', file)
    await buildTracker({ file, outfile })
    scripts.push({ file, bytesMax, ...measure(outfile) })
  }
  const folder = hashOf(scripts.map(({ hash }) => hash).join())
  const manifest = scripts.map(({ file, hash, integrity }) => [file, { hash, folder, integrity }])
  const text = JSON.stringify(Object.fromEntries(manifest), null, 2)
  writeFileSync(join(dist, 'tracker', 'manifest.json'), `${text}\n`)
  return scripts
}

/** tracker/module.ts → dist/tracker/module/, which package.json exports as `lightfoot/tracker`. */
async function bundleModule() {
  const outdir = join(dist, 'tracker', 'module')
  await build(moduleBuildOptions({ outfile: join(outdir, 'index.js') }))
  writeFileSync(join(outdir, 'index.d.ts'), await moduleTypes())
}

/** One file of types that needs no other: what TypeScript says of the three sources, without their imports of each other. */
async function moduleTypes() {
  const { purposeNames } = await fromDist('contract/purposes.js')
  const outDir = join(dist, 'types')
  const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc')
  const parameters = ['-p', 'tracker/tsconfig.module.json', '--outDir', outDir]
  const { status } = spawnSync(process.execPath, [tsc, ...parameters], { cwd: root, stdio: 'inherit' })
  if (status !== 0) process.exitCode = 1
  const [api, module] = ['api', 'module'].map(name =>
    readFileSync(join(outDir, 'tracker', `${name}.d.ts`), 'utf8'),
  )
  rmSync(outDir, { recursive: true })
  const purposes = purposeNames.map(name => `'${name}'`).join(' | ')
  const text = [`export type Purpose = ${purposes};\n`, api, module].join('')
  return text.replace(/^(import|export) type \{.*from.*\n/gm, '')
}

/** dashboard/main.ts → dist/dashboard/main.js, so too snippet_page.ts; their pages and styles beside them. */
async function bundleDashboard() {
  const source = join(root, 'dashboard')
  if (!existsSync(join(source, 'main.ts'))) return
  const target = join(dist, 'dashboard')
  mkdirSync(target, { recursive: true })
  await build({
    absWorkingDir: root,
    entryPoints: ['dashboard/main.ts', 'dashboard/snippet_page.ts'],
    outdir: target,
    bundle: true,
    minify: true,
    format: 'iife',
    target: 'es2020',
    charset: 'utf8',
    legalComments: 'none',
    logLevel: 'warning',
    tsconfig: join(source, 'tsconfig.json'),
  })
  for (const file of readdirSync(source)) {
    if (/\.(html|css)$/.test(file)) copyFileSync(join(source, file), join(target, file))
  }
}

function measure(file) {
  const content = readFileSync(file)
  const quality = {
    params: { [zlib.BROTLI_PARAM_QUALITY]: 11, [zlib.BROTLI_PARAM_SIZE_HINT]: content.length },
  }
  return {
    hash: hashOf(content),
    integrity: `sha384-${createHash('sha384').update(content).digest('base64')}`,
    bytes: content.length,
    gzipBytes: gzipSync(content, { level: 9 }).length,
    brotliBytes: brotliCompressSync(content, quality).length,
  }
}

function hashOf(content) {
  return createHash('sha256').update(content).digest('hex').slice(0, 16)
}

/** What each page loads, by size and beside the scripts of others; then the parts that are loaded when they are needed. */
function printSizes(scripts) {
  const row = cells =>
    cells.map((cell, i) => (i === 0 ? cell.padEnd(24) : cell.toLocaleString('en').padStart(9))).join('')
  const ours = scripts.map(({ file, bytes, gzipBytes, brotliBytes, bytesMax }) => {
    const aim = aims[file]
    return { isPart: !aim, cells: [file, bytes, gzipBytes, brotliBytes, bytesMax, aim ? peers[aim] : ''] }
  })
  const others = Object.entries(peers).map(([name, bytes]) => ({ cells: [`  ${name}`, '', '', bytes] }))
  const [weighed, parts] = [
    [...ours.filter(({ isPart }) => !isPart), ...others].sort((a, b) => a.cells[3] - b.cells[3]),
    ours.filter(({ isPart }) => isPart),
  ]
  console.log(row(['tracker, bytes', 'raw', 'gzip', 'brotli', 'budget', 'aim']))
  for (const { cells } of [...weighed, ...parts]) console.log(row(cells))
}

async function fromDist(path) {
  return import(pathToFileURL(join(dist, path)).href)
}
