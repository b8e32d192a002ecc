import type { BuildOptions, Format } from 'esbuild'

export type TrackerFile =
  | 'lightfoot.js'
  | 'lightfoot.core.js'
  | 'lightfoot.consent.js'
  | 'lightfoot.granted.js'
  | 'lightfoot.errors.js'
  | 'lightfoot.searches.js'
  | 'lightfoot.vitals.js'

export const trackerFiles: Readonly<
  Record<TrackerFile, { readonly entry: string; readonly format: Format; readonly bytesMax: number }>
>

export function buildTracker(options: {
  matrix?: Readonly<Record<string, { readonly purpose: string | null }>>
  /** Absolute path of the script that is written. */
  outfile: string
  /** By default `lightfoot.js`. */
  file?: TrackerFile
}): Promise<void>

export function moduleBuildOptions(options: {
  /** Absolute path of the module that is written. */
  outfile: string
}): BuildOptions
