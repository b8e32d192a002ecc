// GET /api/status: what waits, what the loader and the fold are doing, which versions run.

import { spoolStatus } from '../load/spool_status.ts'
import type { EngineDatabase } from './engine_database.ts'
import type { ChildStart } from './messages.ts'
import { version } from './version.ts'

export async function engineStatus(
  { settings, isDemo, publicUrl }: ChildStart,
  database: EngineDatabase | undefined,
): Promise<Readonly<Record<string, unknown>>> {
  return {
    version: version(),
    node: process.versions.node,
    demo: isDemo,
    publicUrl,
    database: settings.clickhouseUrl === undefined ? 'embedded' : 'server',
    databaseOpen: database !== undefined,
    spool: await spoolStatus(settings.dataDirectory, Date.now()),
    load: database?.loader.status() ?? null,
    fold: database?.folder.status() ?? null,
  }
}
