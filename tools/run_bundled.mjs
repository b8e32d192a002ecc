// Runs a TypeScript file of the tools in this process: Node 20 does not, so the file is bundled first. Packages stay
// outside, and the bundle lies below node_modules, where they are found.

import { createHash } from 'node:crypto'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { build } from 'esbuild'

const root = join(import.meta.dirname, '..')

/** `entry` from the root of the repository. What it exports is what this resolves to. */
export async function runBundled(entry) {
  const name = createHash('sha256').update(`${entry} ${process.pid}`).digest('hex').slice(0, 16)
  const outfile = join(root, `node_modules/.cache/lightfoot/${name}.mjs`)
  process.once('exit', () => rmSync(outfile, { force: true }))
  await build({
    entryPoints: [join(root, entry)],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    packages: 'external',
    logLevel: 'error',
  })
  return import(pathToFileURL(outfile).href)
}
