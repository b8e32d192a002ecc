// The rollups as they are written: one SQL file each, a select over one day and slice of raw rows.

import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** `pages` is folded into rollup_pages by way of fold_pages. */
export type Rollup = { readonly name: string; readonly sql: string }

export function readRollups(directory: string): readonly Rollup[] {
  const files = readdirSync(directory).filter(file => file.endsWith('.sql'))
  return files.sort().map(file => {
    const name = file.slice(0, -'.sql'.length)
    // The name becomes part of a table's name, which cannot be a bound parameter.
    if (!/^[a-z][a-z_]*$/.test(name))
      throw new Error(`rollups/${file}: name it in lower case with underscores`)
    return { name, sql: readFileSync(join(directory, file), 'utf8') }
  })
}

export function fingerprint(rollups: readonly Rollup[]): string {
  const hash = createHash('sha256')
  for (const { name, sql } of rollups) hash.update(`${name}\n${sql}\n`)
  return hash.digest('hex').slice(0, 16)
}
