// The tracker's built files, read once into memory from dist/tracker with the hashes that the build wrote beside them.

import { readFileSync } from 'node:fs'
import { join } from 'node:path'

export type TrackerFile = {
  readonly body: Buffer
  /** Of its own bytes. */
  readonly hash: string
  /** Of all files of its build: `/t/<folder>/lightfoot.js` has its parts beside it. */
  readonly folder: string
  readonly integrity: string
}
/** By file name, `lightfoot.js`. */
export type TrackerFiles = ReadonlyMap<string, TrackerFile>

type Manifest = Readonly<Record<string, Omit<TrackerFile, 'body'>>>

/** Throws when the package was not built. */
export function readTrackerFiles(directory: string): TrackerFiles {
  const manifest = JSON.parse(readFileSync(join(directory, 'manifest.json'), 'utf8')) as Manifest
  const files = Object.entries(manifest).map(([name, told]): [string, TrackerFile] => {
    return [name, { ...told, body: readFileSync(join(directory, name)) }]
  })
  return new Map(files)
}
