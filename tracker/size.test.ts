// The tracker's bytes are a promise: what is added must be paid for.

import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { brotliCompressSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { buildTracker, type TrackerFile, trackerFiles } from '../tools/tracker_build.mjs'

const budgets = Object.entries(trackerFiles).map(([file, { bytesMax }]) => ({ file, bytesMax }))

test.each(budgets)('$file is at most $bytesMax B in brotli', async ({ file, bytesMax }) => {
  const directory = mkdtempSync(join(tmpdir(), 'lightfoot-size-'))
  const outfile = join(directory, file)
  await buildTracker({ file: file as TrackerFile, outfile })
  const script = readFileSync(outfile)
  rmSync(directory, { recursive: true })
  expect(brotliCompressSync(script).length).toBeLessThanOrEqual(bytesMax)
  // What the build puts in from the contract has left no name behind.
  expect(script.toString()).not.toMatch(/PURPOSE|LIMIT|IS_CORE/)
})
