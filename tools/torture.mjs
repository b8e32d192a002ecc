#!/usr/bin/env node
// `npm run torture`: Node 20 does not run TypeScript, so tools/torture/main.ts is bundled first. Packages stay outside, and
// the bundle lies below node_modules, where they are found.

import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { build } from 'esbuild'

const root = join(import.meta.dirname, '..')
const outfile = join(root, `node_modules/.cache/lightfoot/torture-${process.pid}.mjs`)
process.once('exit', () => rmSync(outfile, { force: true }))
await build({
  entryPoints: [join(root, 'tools/torture/main.ts')],
  outfile,
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node20',
  packages: 'external',
  logLevel: 'error',
})
await import(pathToFileURL(outfile).href)
