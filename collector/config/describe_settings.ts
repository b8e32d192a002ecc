// The effective settings for `lightfoot doctor`: names, values and where they come from, secrets masked.

import type { Settings } from './config.ts'
import type { Environment, SettingName } from './settings.ts'

export type SettingLine = {
  readonly name: SettingName
  readonly value: string
  readonly from: 'environment' | 'default'
}

const mask = '••••'

/** In the order in which they matter to a reader. */
export function describeSettings(settings: Settings, env: Environment): readonly SettingLine[] {
  const values: readonly (readonly [SettingName, string])[] = [
    ['LIGHTFOOT_CONFIG', settings.configFile],
    ['LIGHTFOOT_DATA', settings.dataDirectory],
    ['LIGHTFOOT_HOST', settings.host],
    ['LIGHTFOOT_PORT', String(settings.port)],
    ['LIGHTFOOT_ADMIN_HOST', settings.adminHost],
    ['LIGHTFOOT_ADMIN_PORT', String(settings.adminPort)],
    ['LIGHTFOOT_ADMIN_TOKEN', settings.adminToken === undefined ? 'none: loopback only' : mask],
    ['LIGHTFOOT_CLICKHOUSE_URL', maskUrl(settings.clickhouseUrl) ?? 'none: embedded chDB'],
    ...describeServer(settings),
    ['LIGHTFOOT_WORKERS', String(settings.workers)],
    ['LIGHTFOOT_TRUST_PROXY', settings.trustProxy.join(',') || 'none: X-Forwarded-For is not read'],
    ['LIGHTFOOT_LOG_LEVEL', settings.logLevel],
  ]
  return values.map(([name, value]) => ({
    name,
    value,
    from: isGiven(env[name]) ? 'environment' : 'default',
  }))
}

/** User and password are in the URL by now, as if they had been given there. */
function describeServer(settings: Settings): [SettingName, string][] {
  if (settings.clickhouseUrl === undefined) return []
  return [
    ['LIGHTFOOT_CLICKHOUSE_CA', settings.clickhouseCa ?? 'none: the authorities that Node knows'],
    ['LIGHTFOOT_CLICKHOUSE_TIMEOUT', `${(settings.clickhouseTimeoutMs ?? 0) / 1000}`],
  ]
}

function isGiven(value: string | undefined): boolean {
  return value !== undefined && value.trim() !== ''
}

/** Password and query go, as ClickHouse takes passwords in either: `http://user:••••@host:8123/database?••••`. */
export function maskUrl(url: string | undefined): string | undefined {
  if (url === undefined) return undefined
  const { protocol, username, password, host, pathname, search } = new URL(url)
  const user = username + (password === '' ? '' : `:${mask}`)
  return `${protocol}//${user === '' ? '' : `${user}@`}${host}${pathname}${search === '' ? '' : `?${mask}`}`
}
