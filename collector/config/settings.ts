// The environment (LIGHTFOOT_*) → Settings, read once. A wrong value stops the start with one clear line.

import { availableParallelism } from 'node:os'
import { resolve } from 'node:path'
import { readClickhouseSettings } from './clickhouse_settings.ts'
import { ConfigError, type Settings } from './config.ts'
import { didYouMean } from './did_you_mean.ts'
import { hidesIpv4, isLoopback, parseCidr } from './network_names.ts'

export type Environment = Readonly<Record<string, string | undefined>>

/** Every variable that is read, with what it does, as `lightfoot --help` prints it. */
export const settingTexts = {
  LIGHTFOOT_CONFIG: 'the configuration file; default lightfoot.json',
  LIGHTFOOT_DATA: 'folder of spool, keys and embedded database; default ./data',
  LIGHTFOOT_HOST: 'address of the public listener; default 0.0.0.0',
  LIGHTFOOT_PORT: 'port of the public listener; default 8080',
  LIGHTFOOT_ADMIN_HOST: 'address of the private listener; default 127.0.0.1',
  LIGHTFOOT_ADMIN_PORT: 'port of the private listener; default 8081',
  LIGHTFOOT_ADMIN_TOKEN: 'token of the private listener; required as soon as its host is not loopback',
  LIGHTFOOT_CLICKHOUSE_URL: 'ClickHouse server, http(s)://user:password@host:8123/database; unset: embedded',
  LIGHTFOOT_CLICKHOUSE_USER: 'user of the ClickHouse server, where it is not in the URL',
  LIGHTFOOT_CLICKHOUSE_PASSWORD: 'password of the ClickHouse server, where it is not in the URL',
  LIGHTFOOT_CLICKHOUSE_CA:
    'file with the certificate of a private authority that the ClickHouse server is checked by',
  LIGHTFOOT_CLICKHOUSE_TIMEOUT:
    'seconds without an answer after which the ClickHouse server is away; default 60',
  LIGHTFOOT_WORKERS: 'processes that accept events; default one for each core but one',
  LIGHTFOOT_TRUST_PROXY: 'CIDRs of proxies whose X-Forwarded-For is believed, by commas; default none',
  LIGHTFOOT_LOG_LEVEL: 'silent, error, warn, info or debug; default warn',
  LIGHTFOOT_CLICKHOUSE_CLUSTER: 'reserved: name of the ClickHouse cluster',
  LIGHTFOOT_KEYS_FROM: 'reserved: URL of the collector that holds the day keys',
} as const

export type SettingName = keyof typeof settingTexts

const logLevels = ['silent', 'error', 'warn', 'info', 'debug'] as const
const workersMax = 64
const adminTokenLength = { min: 16, max: 256 }

/** `env` is process.env, `cores` the number of processors; throws ConfigError. */
export function readSettings(env: Environment, cores: number = availableParallelism()): Settings {
  refuseMistyped(env)
  refuseReserved(env)
  const adminHost = readHost(env, 'LIGHTFOOT_ADMIN_HOST', '127.0.0.1')
  const settings: Settings = {
    configFile: resolve(given(env, 'LIGHTFOOT_CONFIG') ?? 'lightfoot.json'),
    isConfigNamed: given(env, 'LIGHTFOOT_CONFIG') !== undefined,
    dataDirectory: resolve(given(env, 'LIGHTFOOT_DATA') ?? 'data'),
    ...readClickhouseSettings(name => given(env, name)),
    host: readHost(env, 'LIGHTFOOT_HOST', '0.0.0.0'),
    port: readWhole(env, 'LIGHTFOOT_PORT', { min: 0, max: 65_535 }, 8080),
    adminHost,
    adminPort: readWhole(env, 'LIGHTFOOT_ADMIN_PORT', { min: 0, max: 65_535 }, 8081),
    adminToken: readAdminToken(env, adminHost),
    workers: readWhole(env, 'LIGHTFOOT_WORKERS', { min: 1, max: workersMax }, defaultWorkers(cores)),
    trustProxy: readTrustProxy(env),
    logLevel: readLogLevel(env),
  }
  // Port 0 is any free port, so two of them differ.
  if (settings.port === settings.adminPort && settings.port !== 0) {
    throw wrong(
      'LIGHTFOOT_ADMIN_PORT',
      `is the public port too (${settings.port}): give the private listener its own`,
    )
  }
  return settings
}

/** One core is left to the engine. */
function defaultWorkers(cores: number): number {
  return Math.min(workersMax, Math.max(1, cores - 1))
}

/** An empty variable is as good as none: compose files and shells often write it so. */
function given(env: Environment, name: SettingName): string | undefined {
  const value = env[name]?.trim()
  return value === '' ? undefined : value
}

function readWhole(
  env: Environment,
  name: SettingName,
  { min, max }: { min: number; max: number },
  otherwise: number,
): number {
  const value = given(env, name)
  if (value === undefined) return otherwise
  // Kubernetes gives containers LIGHTFOOT_PORT=tcp://… when a service is named lightfoot.
  if (value.startsWith('tcp://')) {
    throw wrong(name, 'was set by Kubernetes for a service named lightfoot: set enableServiceLinks: false')
  }
  const number = Number(value)
  if (/^\d+$/.test(value) && number >= min && number <= max) return number
  throw wrong(name, `must be a whole number from ${min} to ${max}`)
}

function readHost(env: Environment, name: SettingName, otherwise: string): string {
  const host = given(env, name) ?? otherwise
  if (/^[A-Za-z0-9._:-]+$/.test(host)) return host
  throw wrong(name, `must be an address or a host name, without port: ${otherwise}`)
}

function readAdminToken(env: Environment, adminHost: string): string | undefined {
  const token = given(env, 'LIGHTFOOT_ADMIN_TOKEN')
  if (token === undefined) {
    if (isLoopback(adminHost)) return undefined
    throw wrong(
      'LIGHTFOOT_ADMIN_TOKEN',
      `is required because LIGHTFOOT_ADMIN_HOST is not loopback: ${howToMakeOne}`,
    )
  }
  const { min, max } = adminTokenLength
  // It travels in a header, so only what needs no quoting there.
  if (token.length >= min && token.length <= max && /^[\x21-\x7e]+$/.test(token)) return token
  throw wrong(
    'LIGHTFOOT_ADMIN_TOKEN',
    `must be ${min} to ${max} ASCII characters without spaces: ${howToMakeOne}`,
  )
}

const howToMakeOne = 'make one with "openssl rand -hex 32"'

function readTrustProxy(env: Environment): readonly string[] {
  const entries =
    given(env, 'LIGHTFOOT_TRUST_PROXY')
      ?.split(/[\s,]+/)
      .filter(entry => entry !== '') ?? []
  return entries.map(entry => {
    const cidr = parseCidr(entry)
    if (cidr === undefined)
      throw wrong('LIGHTFOOT_TRUST_PROXY', 'must be a list of CIDRs by commas: 10.0.0.0/8,2001:db8::/32')
    if (hidesIpv4(cidr))
      throw wrong(
        'LIGHTFOOT_TRUST_PROXY',
        'names an IPv4 network in an IPv6 form: write it as IPv4, 10.0.0.0/8',
      )
    return cidr
  })
}

function readLogLevel(env: Environment): Settings['logLevel'] {
  const value = given(env, 'LIGHTFOOT_LOG_LEVEL')
  if (value === undefined) return 'warn'
  const level = logLevels.find(known => known === value.toLowerCase())
  if (level !== undefined) return level
  throw wrong('LIGHTFOOT_LOG_LEVEL', `must be one of ${logLevels.join(', ')}`)
}

/** A name that is nearly one of ours would have no effect; names that are far from ours (of Kubernetes) are let be. */
function refuseMistyped(env: Environment): void {
  const known = Object.keys(settingTexts)
  for (const name of Object.keys(env)) {
    if (!name.startsWith('LIGHTFOOT_') || known.includes(name)) continue
    const meant = didYouMean(name, known)
    if (meant !== undefined) throw wrong(name, `is not a known variable: did you mean ${meant}?`)
  }
}

/** What would be ignored is refused, so that nobody relies on it. */
function refuseReserved(env: Environment): void {
  for (const name of ['LIGHTFOOT_CLICKHOUSE_CLUSTER', 'LIGHTFOOT_KEYS_FROM'] as const) {
    if (given(env, name) !== undefined) throw wrong(name, 'is reserved for a later version: unset it')
  }
}

/** No message holds the value: it may be a secret in the wrong place. */
function wrong(name: string, problem: string): ConfigError {
  return new ConfigError(`${name} ${problem}`)
}
