// The database: which engine, which version, does it answer. The embedded one is tried in an empty folder, so that the
// real one is neither needed nor disturbed.

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Settings } from '../../config/config.ts'
import { openStore } from '../../store/open_store.ts'
import { reasonOf } from '../../store/store_error.ts'
import type { Check, Finding } from './finding.ts'

export const checkEngine: Check = async ({ settings }) => {
  if (settings.clickhouseUrl !== undefined) return [await ask(settings, 'ClickHouse server')]
  const folder = await mkdtemp(join(tmpdir(), 'lightfoot-doctor-'))
  try {
    return [await ask({ ...settings, dataDirectory: folder }, 'embedded ClickHouse (chDB)')]
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function ask(settings: Settings, name: string): Promise<Finding> {
  try {
    const store = await openStore(settings)
    try {
      const [row] = await store.query<{ version: string }>('select version() as version')
      return { state: 'ok', text: `database: ${name} ${row?.version ?? ''}` }
    } finally {
      await store.close()
    }
  } catch (error) {
    const reason = settings.clickhouseUrl ? ` (${reasonOf(error)}): check LIGHTFOOT_CLICKHOUSE_URL` : ''
    return { state: 'fail', text: `database: ${name} does not answer${reason}` }
  }
}
