// LIGHTFOOT_CLICKHOUSE_*: where the ClickHouse server is, who we are there, whom we trust. User and password may stand in
// the URL or apart, as secrets of containers do; the rest of the collector sees one URL that has both.

import { accessSync, constants } from 'node:fs'
import { resolve } from 'node:path'
import { ConfigError, type Settings } from './config.ts'

const names = {
  url: 'LIGHTFOOT_CLICKHOUSE_URL',
  user: 'LIGHTFOOT_CLICKHOUSE_USER',
  password: 'LIGHTFOOT_CLICKHOUSE_PASSWORD',
  ca: 'LIGHTFOOT_CLICKHOUSE_CA',
  timeout: 'LIGHTFOOT_CLICKHOUSE_TIMEOUT',
} as const

export type ClickhouseSettings = Pick<Settings, 'clickhouseUrl' | 'clickhouseCa' | 'clickhouseTimeoutMs'>

/** In seconds. A slice of a fold takes a second or two, and a report of raw rows may take longer. */
const timeout = { min: 2, max: 3600, otherwise: 60 }

/** `given` reads a variable; empty ones are as good as none. */
export function readClickhouseSettings(
  given: (name: (typeof names)[keyof typeof names]) => string | undefined,
): ClickhouseSettings {
  const url = given(names.url)
  const user = given(names.user)
  const password = given(names.password)
  if (url === undefined) {
    for (const name of [names.user, names.password, names.ca, names.timeout])
      if (given(name) !== undefined) throw wrong(name, `needs ${names.url}`)
  }
  return {
    clickhouseUrl: url === undefined ? undefined : withCredentials(readUrl(url), user, password),
    clickhouseCa: readCa(given(names.ca), url),
    clickhouseTimeoutMs: readTimeout(given(names.timeout)) * 1000,
  }
}

function readUrl(value: string): URL {
  if (!/^https?:\/\//i.test(value) || !URL.canParse(value))
    throw wrong(names.url, 'must be a URL: http://user:password@host:8123/database')
  const url = new URL(value)
  // The client would take its own settings from there, the one that logs statements with their parameters too.
  if (url.search !== '' || url.hash !== '')
    throw wrong(
      names.url,
      `must end with the database: user and password stand before the host, or in ${names.user} and ${names.password}`,
    )
  return url
}

function withCredentials(url: URL, user: string | undefined, password: string | undefined): string {
  if (user !== undefined && url.username !== '')
    throw wrong(names.user, 'stands in the URL too: keep one of them')
  if (password !== undefined && url.password !== '')
    throw wrong(names.password, 'stands in the URL too: keep one of them')
  // The setter leaves a `%` as it is.
  if (user !== undefined) url.username = encodeURIComponent(user)
  if (password !== undefined) url.password = encodeURIComponent(password)
  return url.href
}

function readCa(file: string | undefined, url: string | undefined): string | undefined {
  if (file === undefined) return undefined
  if (!/^https:/i.test(url ?? '')) throw wrong(names.ca, `needs a ${names.url} of https`)
  try {
    accessSync(file, constants.R_OK)
  } catch {
    throw wrong(names.ca, 'names a file that cannot be read: give it the PEM certificate of the authority')
  }
  return resolve(file)
}

function readTimeout(value: string | undefined): number {
  if (value === undefined) return timeout.otherwise
  const seconds = Number(value)
  if (/^\d+$/.test(value) && seconds >= timeout.min && seconds <= timeout.max) return seconds
  throw wrong(names.timeout, `must be a whole number of seconds from ${timeout.min} to ${timeout.max}`)
}

/** No message holds the value: it may be a secret. */
function wrong(name: string, problem: string): ConfigError {
  return new ConfigError(`${name} ${problem}`)
}
