// Up to which load everything is in the database, and under which boot of the machine that was seen:
// `loads/confirmed`. Not synced: after a power loss it may be older or gone, and then the loads behind it count as
// waiting until the loader has looked; under the same boot it is what was written last.

import { rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { readText } from './rejects.ts'

export type Confirmed = { readonly load: number; readonly bootId: string }

const none: Confirmed = { load: 0, bootId: '' }

function fileIn(directory: string): string {
  return join(directory, 'confirmed')
}

export async function writeConfirmed(directory: string, confirmed: Confirmed): Promise<void> {
  const file = fileIn(directory)
  await writeFile(`${file}.tmp`, `${JSON.stringify(confirmed)}\n`, { mode: 0o600 })
  await rename(`${file}.tmp`, file)
}

/** Load 0 when nothing is known. */
export async function readConfirmed(directory: string): Promise<Confirmed> {
  return parse((await readText(fileIn(directory))) ?? '')
}

function parse(text: string): Confirmed {
  try {
    const { load, bootId } = JSON.parse(text) as Readonly<Record<string, unknown>>
    return typeof load === 'number' && typeof bootId === 'string' ? { load, bootId } : none
  } catch {
    return none
  }
}
