// How the tracker is bundled: one place for the options, so that the build, the size test and the browser tests all
// speak of the same bytes. The contract's data enters as compile-time constants: the gate is made from the matrix, and
// neither its texts nor the limits that the tracker has no use for cost a byte on the wire.

import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { buildSync } from 'esbuild'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const contract = await loadContract()

/**
 * Options for esbuild's `build`. `matrix` is contract/matrix.ts's (the default), `outfile` an absolute path.
 * `PURPOSE_OF.title` becomes the bit of the purpose that opens the field, 0 where no purpose opens more than the exempt
 * cell; `LIMIT.urlMax` becomes the figure of contract/limits.ts.
 */
export function trackerBuildOptions({ matrix = contract.matrix, outfile, entry = 'tracker/lightfoot.ts' }) {
  return {
    absWorkingDir: root,
    entryPoints: [entry],
    outfile,
    bundle: true,
    minify: true,
    format: 'iife',
    target: 'es2020',
    charset: 'utf8',
    legalComments: 'none',
    logLevel: 'warning',
    // Not tracker/tsconfig.json: `strict` there would put a needless "use strict" in front.
    tsconfigRaw: {},
    // Names that end in an underscore are ours alone: they never travel and no page sees them.
    mangleProps: /_$/,
    define: {
      ...defines('PURPOSE_OF', purposeBits(matrix)),
      ...defines('LIMIT', contract.limits),
      PURPOSES: JSON.stringify(contract.purposeNames),
    },
  }
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
