// Rows that ClickHouse refused, set aside to be looked at and replayed: `rejects/1000000042.ndjson`, a line that says what
// they are, then a line a row. The file holds the rows themselves; logs hold only its name and the number of rows.

import { mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { writeFileDurably } from '../spool/files.ts'

export type Reject = {
  /** Number of the row in its load, from 0. */
  readonly row: number
  readonly reason: string
  /** The row as it was to be inserted, base64: a refused row need not be text. */
  readonly bytes: string
}

export async function writeRejects(
  directory: string,
  { load, received, rowVersion }: { load: number; received: string; rowVersion: number },
  rejects: readonly Reject[],
  { isMore }: { isMore: boolean },
): Promise<string> {
  await mkdir(directory, { recursive: true, mode: 0o700 })
  const file = join(directory, `${load}.ndjson`)
  // Rows refused earlier are in the manifest already, so only then is what the file holds still wanted.
  const before = isMore ? await readFile(file, 'utf8') : `${JSON.stringify({ load, received, rowVersion })}\n`
  const lines = rejects.map(reject => `${JSON.stringify(reject)}\n`)
  await writeFileDurably(file, before + lines.join(''))
  return file
}
