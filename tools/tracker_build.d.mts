import type { BuildOptions } from 'esbuild'

export function trackerBuildOptions(options: {
  matrix?: Readonly<Record<string, { readonly purpose: string | null }>>
  /** Absolute path of the script that is written. */
  outfile: string
  entry?: string
}): BuildOptions
