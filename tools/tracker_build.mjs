// How the tracker is bundled: one place for the options, so that the build, the size test and the browser tests all
// speak of the same bytes. The contract's data enters as compile-time constants: the gate is made from the matrix, and
// neither its texts nor the limits that the tracker has no use for cost a byte on the wire.

import { readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build, buildSync } from 'esbuild'
import { minify } from 'terser'
import uglify from 'uglify-js'
import { stoppableVitals } from './stoppable_vitals.mjs'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const contract = await loadContract()

/**
 * What is built: its entry, `format` (the parts are modules, see tracker/parts.ts), its budget in bytes of brotli, and the
 * `notice` that a package asks for which is bundled in it.
 * The package's module, `lightfoot/tracker`, is bundled once more by who uses it, and has no budget.
 */
export const trackerFiles = {
  'lightfoot.js': { entry: 'tracker/lightfoot.ts', format: 'iife', bytesMax: 5200 },
  'lightfoot.core.js': { entry: 'tracker/core.ts', format: 'iife', bytesMax: 3000 },
  'lightfoot.consent.js': { entry: 'tracker/consent.ts', format: 'esm', bytesMax: 2000 },
  'lightfoot.granted.js': { entry: 'tracker/granted.ts', format: 'esm', bytesMax: 1600 },
  'lightfoot.errors.js': { entry: 'tracker/errors.ts', format: 'esm', bytesMax: 800 },
  'lightfoot.searches.js': { entry: 'tracker/searches.ts', format: 'esm', bytesMax: 600 },
  'lightfoot.vitals.js': {
    entry: 'tracker/vitals.ts',
    format: 'esm',
    bytesMax: 3400,
    notice: '/* with web-vitals, © Google LLC, Apache-2.0 */',
  },
}

/**
 * Builds one of these files into `outfile`, an absolute path. `matrix` is contract/matrix.ts's (the default): `PURPOSE_OF.title`
 * becomes the bit of the purpose that opens the field, 0 where no purpose opens more than the exempt cell; `LIMIT.urlMax`
 * becomes the figure of contract/limits.ts.
 */
export async function buildTracker({ matrix = contract.matrix, outfile, file = 'lightfoot.js' }) {
  const { entry, format, notice = '' } = trackerFiles[file]
  const { outputFiles } = await build({
    ...commonOptions(matrix, file === 'lightfoot.core.js'),
    entryPoints: [entry],
    minify: true,
    format,
    plugins: { 'lightfoot.core.js': [exemptOnly], 'lightfoot.vitals.js': [stoppableVitals] }[file] ?? [],
    write: false,
  })
  // After esbuild, which bundles and mangles, terser takes out another 4 % (of lightfoot.core.js 15 %), and what it leaves,
  // uglify still writes 1 to 2 % shorter.
  const terse = await minify(outputFiles[0].text, {
    ecma: 2020,
    module: format === 'esm',
    compress: { passes: 3 },
  })
  const { code, error } = uglify.minify(terse.code, { module: format === 'esm', compress: { passes: 6 } })
  if (error) throw error
  writeFileSync(outfile, notice + code)
}

/**
 * Options for esbuild's `build` of the package's module into `outfile`, a folder below the other files: its parts are theirs.
 * Only its syntax is minified, which takes out what the constants decide: the site's own bundler does the rest.
 */
export function moduleBuildOptions({ outfile }) {
  return {
    ...commonOptions(contract.matrix, false),
    entryPoints: ['tracker/module.ts'],
    outfile,
    minifySyntax: true,
    format: 'esm',
    plugins: [partsApart],
  }
}

/**
 * The parts are imported by name instead of loaded from beside the script:
 * `import('./consent.ts') → import('../lightfoot.consent.js')`, which the site's bundler splits off as well.
 */
const partsApart = {
  name: 'parts apart',
  setup({ onResolve }) {
    onResolve({ filter: /\/load_sibling\.ts$/ }, () => ({ path: join(root, 'tracker', 'load_import.ts') }))
    onResolve({ filter: /\.ts$/ }, ({ kind, path }) => {
      if (kind !== 'dynamic-import') return undefined
      return { path: path.replace(/^\.\/(\w+)\.ts$/, '../lightfoot.$1.js'), external: true }
    })
  },
}

function commonOptions(matrix, isCore) {
  return {
    absWorkingDir: root,
    bundle: true,
    target: 'es2020',
    charset: 'utf8',
    legalComments: 'none',
    logLevel: 'warning',
    // Not tracker/tsconfig.json: `strict` there would put a needless "use strict" in front.
    tsconfigRaw: {},
    // Names that end in an underscore are ours alone: they never travel and no page sees them.
    mangleProps: /_$/,
    // Of web-vitals. A browser without them (Safari before 14.1) does not load that file, and could measure little with it.
    supported: { 'class-field': true },
    define: {
      ...defines('PURPOSE_OF', purposeBits(matrix)),
      ...defines('LIMIT', contract.limits),
      PURPOSES: JSON.stringify(contract.purposeNames),
      IS_CORE: String(isCore),
    },
  }
}

/**
 * The core never has a grant, so its answers are known while it is built: no purpose is granted, every exempt cell is open.
 * Said here in each place that asks, what only a grant would reach falls out of the script.
 */
const exemptOnly = {
  name: 'exempt only',
  setup({ onLoad }) {
    onLoad({ filter: /[\\/]tracker[\\/]\w+\.ts$/ }, ({ path }) => ({
      loader: 'ts',
      contents: readFileSync(path, 'utf8')
        .replace(/\bgranted\(PURPOSE_OF\.\w+\)/g, 'false')
        .replace(/\ballowed\(PURPOSE_OF\.\w+\)/g, 'true'),
    }))
  },
}

function purposeBits(matrix) {
  const bits = Object.entries(matrix).map(([field, { purpose }]) => [
    field,
    purpose === null ? 0 : contract.purposeBit(purpose),
  ])
  return Object.fromEntries(bits)
}

function defines(name, values) {
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [`${name}.${key}`, String(value)]))
}

/** Node 20 runs no TypeScript, and this file is also used before dist/ exists. */
async function loadContract() {
  const { outputFiles } = buildSync({
    stdin: {
      contents: `export * from './matrix.ts'; export * from './purposes.ts'; export * from './limits.ts'`,
      resolveDir: join(root, 'contract'),
    },
    bundle: true,
    format: 'esm',
    write: false,
  })
  const source = Buffer.from(outputFiles[0].contents).toString('base64')
  return import(`data:text/javascript;base64,${source}`)
}
