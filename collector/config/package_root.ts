// Where the package lies: migrations/, rollups/, reports/ and examples/ are read from here, by the sources as well as
// by the compiled files in dist/ and by an installed package.

import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const found = findPackageRoot(dirname(fileURLToPath(import.meta.url)))

/** The folder whose package.json is named lightfoot. */
export function packageRoot(): string {
  return found
}

function findPackageRoot(start: string): string {
  for (let folder = start; ; folder = dirname(folder)) {
    if (packageName(folder) === 'lightfoot') return folder
    if (folder === dirname(folder)) throw new Error(`no package.json of lightfoot above ${start}`)
  }
}

function packageName(folder: string): string | undefined {
  try {
    return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')).name
  } catch {
    return undefined // no package.json here: look further up
  }
}
