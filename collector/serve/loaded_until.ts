// Up to when is everything acknowledged in the database? The loader knows; before it has read the spool, the oldest segment
// that holds something not yet loaded says it.

import { spoolStatus } from '../load/spool_status.ts'
import type { EngineDatabase } from './engine_database.ts'

/** Clock reading in milliseconds. */
export async function loadedUntil(
  { dataDirectory }: { readonly dataDirectory: string },
  database: Pick<EngineDatabase, 'loader'> | undefined,
): Promise<number> {
  const known = database?.loader.status().loadedUntil
  if (known !== undefined) return known
  const now = Date.now()
  return now - (await spoolStatus(dataDirectory, now)).oldestSeconds * 1000
}
