// The tracker's bytes are a promise: what is added must be paid for. Issue by issue the budget grows to 5,200 B.

import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { brotliCompressSync } from 'node:zlib'
import { build } from 'esbuild'
import { expect, test } from 'vitest'
import { trackerBuildOptions } from '../tools/tracker_build.mjs'

test('lightfoot.js is at most 4,600 B in brotli', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'lightfoot-size-'))
  const outfile = join(directory, 'lightfoot.js')
  await build(trackerBuildOptions({ outfile }))
  const script = readFileSync(outfile)
  rmSync(directory, { recursive: true })
  expect(brotliCompressSync(script).length).toBeLessThanOrEqual(4600)
  // What the build puts in from the contract has left no name behind.
  expect(script.toString()).not.toMatch(/PURPOSE|LIMIT/)
})
