// The tracker's built files, read once into memory from dist/tracker with the hashes that the build wrote beside them.

import { readFileSync } from 'node:fs'
import { join } from 'node:path'

export type TrackerFile = { readonly body: Buffer; readonly hash: string; readonly integrity: string }
/** By file name, `lightfoot.js`. */
export type TrackerFiles = ReadonlyMap<string, TrackerFile>

type Manifest = Readonly<Record<string, { readonly hash: string; readonly integrity: string }>>

/** Throws when the package was not built. */
export function readTrackerFiles(directory: string): TrackerFiles {
  const manifest = JSON.parse(readFileSync(join(directory, 'manifest.json'), 'utf8')) as Manifest
  const files = Object.entries(manifest).map(([name, { hash, integrity }]): [string, TrackerFile] => {
    return [name, { body: readFileSync(join(directory, name)), hash, integrity }]
  })
  return new Map(files)
}
