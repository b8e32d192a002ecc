// Is the server one that we know? An old one would fail later, at some statement, in words that help nobody.

import { ConfigError } from '../config/config.ts'
import type { Store } from './store.ts'

/** The older of the two long-term releases that ClickHouse mends (2026); what came before is not tried by anybody here. */
const floor = [25, 8] as const

export async function checkServer(store: Store): Promise<void> {
  if (store.kind === 'embedded') return
  const [row] = await store.query<{ version: string }>('select version() as version')
  const problem = versionProblem(row?.version ?? '')
  if (problem !== undefined) throw new ConfigError(problem)
}

/** `25.3.14.14` is too old; a version that cannot be read is let be. */
export function versionProblem(version: string): string | undefined {
  const [major, minor] = version.split('.').map(Number)
  if (major === undefined || minor === undefined || Number.isNaN(major + minor)) return undefined
  if (major > floor[0] || (major === floor[0] && minor >= floor[1])) return undefined
  return `LIGHTFOOT_CLICKHOUSE_URL names a ClickHouse ${version}: ${floor.join('.')} is the oldest that will do`
}
