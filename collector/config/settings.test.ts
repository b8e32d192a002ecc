import { resolve } from 'node:path'
import { describe, expect, test } from 'vitest'
import { ConfigError } from './config.ts'
import { describeSettings, maskUrl } from './describe_settings.ts'
import { type Environment, readSettings, settingTexts } from './settings.ts'

const token = '0123456789abcdef'

test('an empty environment gives the defaults', () => {
  expect(readSettings({}, 8)).toEqual({
    configFile: resolve('lightfoot.json'),
    isConfigNamed: false,
    dataDirectory: resolve('data'),
    clickhouseUrl: undefined,
    clickhouseCa: undefined,
    clickhouseTimeoutMs: 60_000,
    host: '0.0.0.0',
    port: 8080,
    adminHost: '127.0.0.1',
    adminPort: 8081,
    adminToken: undefined,
    workers: 7,
    trustProxy: [],
    logLevel: 'warn',
  })
})

test('everything can be set', () => {
  const env = {
    LIGHTFOOT_CONFIG: '/etc/lightfoot.json',
    LIGHTFOOT_DATA: '/var/lib/lightfoot',
    LIGHTFOOT_CLICKHOUSE_URL: 'https://db.example.com:8443/analytics',
    LIGHTFOOT_CLICKHOUSE_USER: 'user',
    LIGHTFOOT_CLICKHOUSE_PASSWORD: 'p:ss w@rd/%41',
    LIGHTFOOT_CLICKHOUSE_CA: import.meta.filename,
    LIGHTFOOT_CLICKHOUSE_TIMEOUT: '10',
    LIGHTFOOT_HOST: '::',
    LIGHTFOOT_PORT: '80',
    LIGHTFOOT_ADMIN_HOST: '0.0.0.0',
    LIGHTFOOT_ADMIN_PORT: '90',
    LIGHTFOOT_ADMIN_TOKEN: token,
    LIGHTFOOT_WORKERS: '3',
    LIGHTFOOT_TRUST_PROXY: '10.0.0.0/8, 192.0.2.1 2001:db8::/32',
    LIGHTFOOT_LOG_LEVEL: 'DEBUG',
    HOME: '/root',
  }
  expect(readSettings(env, 8)).toEqual({
    configFile: '/etc/lightfoot.json',
    isConfigNamed: true,
    dataDirectory: '/var/lib/lightfoot',
    clickhouseUrl: 'https://user:p%3Ass%20w%40rd%2F%2541@db.example.com:8443/analytics',
    clickhouseCa: import.meta.filename,
    clickhouseTimeoutMs: 10_000,
    host: '::',
    port: 80,
    adminHost: '0.0.0.0',
    adminPort: 90,
    adminToken: token,
    workers: 3,
    trustProxy: ['10.0.0.0/8', '192.0.2.1/32', '2001:db8::/32'],
    logLevel: 'debug',
  })
})

test.each([
  [1, 1],
  [2, 1],
  [4, 3],
  [1000, 64],
])('on %d cores %d processes accept events', (cores, workers) => {
  expect(readSettings({}, cores).workers).toBe(workers)
})

const makeOne = 'make one with "openssl rand -hex 32"'
const wrong: readonly [Environment, string][] = [
  [{ LIGHTFOOT_PORT: 'http' }, 'LIGHTFOOT_PORT must be a whole number from 0 to 65535'],
  [{ LIGHTFOOT_PORT: '65536' }, 'LIGHTFOOT_PORT must be a whole number from 0 to 65535'],
  [{ LIGHTFOOT_PORT: '-1' }, 'LIGHTFOOT_PORT must be a whole number from 0 to 65535'],
  [{ LIGHTFOOT_PORT: '8e3' }, 'LIGHTFOOT_PORT must be a whole number from 0 to 65535'],
  [
    { LIGHTFOOT_PORT: 'tcp://10.0.0.1:8080' },
    'LIGHTFOOT_PORT was set by Kubernetes for a service named lightfoot: set enableServiceLinks: false',
  ],
  [
    { LIGHTFOOT_PORT: '8081' },
    'LIGHTFOOT_ADMIN_PORT is the public port too (8081): give the private listener its own',
  ],
  [{ LIGHTFOOT_WORKERS: '0' }, 'LIGHTFOOT_WORKERS must be a whole number from 1 to 64'],
  [{ LIGHTFOOT_WORKERS: '65' }, 'LIGHTFOOT_WORKERS must be a whole number from 1 to 64'],
  [{ LIGHTFOOT_HOST: 'http://x' }, 'LIGHTFOOT_HOST must be an address or a host name, without port: 0.0.0.0'],
  [
    { LIGHTFOOT_CLICKHOUSE_URL: 'db:8123' },
    'LIGHTFOOT_CLICKHOUSE_URL must be a URL: http://user:password@host:8123/database',
  ],
  [
    { LIGHTFOOT_CLICKHOUSE_URL: 'http://' },
    'LIGHTFOOT_CLICKHOUSE_URL must be a URL: http://user:password@host:8123/database',
  ],
  [
    { LIGHTFOOT_CLICKHOUSE_URL: 'http://db:8123?password=secret' },
    'LIGHTFOOT_CLICKHOUSE_URL must end with the database: user and password stand before the host, or in LIGHTFOOT_CLICKHOUSE_USER and LIGHTFOOT_CLICKHOUSE_PASSWORD',
  ],
  [
    { LIGHTFOOT_CLICKHOUSE_URL: 'http://me:secret@db:8123', LIGHTFOOT_CLICKHOUSE_USER: 'you' },
    'LIGHTFOOT_CLICKHOUSE_USER stands in the URL too: keep one of them',
  ],
  [
    { LIGHTFOOT_CLICKHOUSE_URL: 'http://me:secret@db:8123', LIGHTFOOT_CLICKHOUSE_PASSWORD: 'other' },
    'LIGHTFOOT_CLICKHOUSE_PASSWORD stands in the URL too: keep one of them',
  ],
  [
    { LIGHTFOOT_CLICKHOUSE_PASSWORD: 'secret' },
    'LIGHTFOOT_CLICKHOUSE_PASSWORD needs LIGHTFOOT_CLICKHOUSE_URL',
  ],
  [
    { LIGHTFOOT_CLICKHOUSE_URL: 'http://db:8123', LIGHTFOOT_CLICKHOUSE_CA: '/etc/ca.pem' },
    'LIGHTFOOT_CLICKHOUSE_CA needs a LIGHTFOOT_CLICKHOUSE_URL of https',
  ],
  [
    { LIGHTFOOT_CLICKHOUSE_URL: 'https://db:8443', LIGHTFOOT_CLICKHOUSE_CA: '/nowhere/ca.pem' },
    'LIGHTFOOT_CLICKHOUSE_CA names a file that cannot be read: give it the PEM certificate of the authority',
  ],
  [
    { LIGHTFOOT_CLICKHOUSE_URL: 'https://db:8443', LIGHTFOOT_CLICKHOUSE_TIMEOUT: '1' },
    'LIGHTFOOT_CLICKHOUSE_TIMEOUT must be a whole number of seconds from 2 to 3600',
  ],
  [
    { LIGHTFOOT_ADMIN_HOST: '0.0.0.0' },
    `LIGHTFOOT_ADMIN_TOKEN is required because LIGHTFOOT_ADMIN_HOST is not loopback: ${makeOne}`,
  ],
  [
    { LIGHTFOOT_ADMIN_HOST: '::', LIGHTFOOT_ADMIN_TOKEN: ' ' },
    `LIGHTFOOT_ADMIN_TOKEN is required because LIGHTFOOT_ADMIN_HOST is not loopback: ${makeOne}`,
  ],
  [
    { LIGHTFOOT_ADMIN_HOST: '127.0.0.1.example.com' },
    `LIGHTFOOT_ADMIN_TOKEN is required because LIGHTFOOT_ADMIN_HOST is not loopback: ${makeOne}`,
  ],
  [
    { LIGHTFOOT_ADMIN_TOKEN: token.slice(1) },
    `LIGHTFOOT_ADMIN_TOKEN must be 16 to 256 ASCII characters without spaces: ${makeOne}`,
  ],
  [
    { LIGHTFOOT_ADMIN_TOKEN: `${token} ${token}` },
    `LIGHTFOOT_ADMIN_TOKEN must be 16 to 256 ASCII characters without spaces: ${makeOne}`,
  ],
  [
    { LIGHTFOOT_TRUST_PROXY: '10.0.0.0/8,proxy' },
    'LIGHTFOOT_TRUST_PROXY must be a list of CIDRs by commas: 10.0.0.0/8,2001:db8::/32',
  ],
  [
    { LIGHTFOOT_TRUST_PROXY: '10.0.0.0/33' },
    'LIGHTFOOT_TRUST_PROXY must be a list of CIDRs by commas: 10.0.0.0/8,2001:db8::/32',
  ],
  ...[
    '::ffff:10.0.0.0/104',
    '2002:a00::/24',
    '2001::/23',
    '64:ff9b::/96',
    '::10.0.0.1',
    '::0.0.0.0',
    '::ffff:0:10.0.0.1',
  ].map((cidr): [Environment, string] => [
    { LIGHTFOOT_TRUST_PROXY: `10.0.0.0/8,${cidr}` },
    'LIGHTFOOT_TRUST_PROXY names an IPv4 network in an IPv6 form: write it as IPv4, 10.0.0.0/8',
  ]),
  [{ LIGHTFOOT_LOG_LEVEL: 'loud' }, 'LIGHTFOOT_LOG_LEVEL must be one of silent, error, warn, info, debug'],
  [{ LIGHTFOOT_PROT: '80' }, 'LIGHTFOOT_PROT is not a known variable: did you mean LIGHTFOOT_PORT?'],
  [
    { LIGHTFOOT_CLICKHOUSE_CLUSTER: 'main' },
    'LIGHTFOOT_CLICKHOUSE_CLUSTER is reserved for a later version: unset it',
  ],
  [{ LIGHTFOOT_KEYS_FROM: 'http://x' }, 'LIGHTFOOT_KEYS_FROM is reserved for a later version: unset it'],
]

test.each(wrong)('%j stops with one clear line', (env, line) => {
  expect(() => readSettings(env, 2)).toThrow(new ConfigError(line))
})

test.each(Object.keys(settingTexts))('%s that is empty is as good as none', name => {
  for (const nothing of ['', ' ', '\n'])
    expect(readSettings({ [name]: nothing }, 2)).toEqual(readSettings({}, 2))
})

test('ports 0 do not collide', () => {
  expect(readSettings({ LIGHTFOOT_PORT: '0', LIGHTFOOT_ADMIN_PORT: '0' }, 2)).toMatchObject({
    port: 0,
    adminPort: 0,
  })
})

test('names that Kubernetes makes for a service are let be', () => {
  const env = {
    LIGHTFOOT_SERVICE_HOST: '10.0.0.1',
    LIGHTFOOT_PORT_8080_TCP_PORT: '8080',
    LIGHTFOOT_TEST_CLICKHOUSE_URL: 'x',
  }
  expect(readSettings(env, 2)).toEqual(readSettings({}, 2))
})

test.each(['127.0.0.1', '127.8.9.1', 'localhost', 'LOCALHOST', '::1'])('%s needs no token', host => {
  expect(readSettings({ LIGHTFOOT_ADMIN_HOST: host }, 2).adminToken).toBeUndefined()
})

describe('secrets are masked', () => {
  const secret = 'very-secret-0123456'
  const env = {
    LIGHTFOOT_ADMIN_TOKEN: secret,
    LIGHTFOOT_CLICKHOUSE_URL: 'http://lightfoot@db:8123/x',
    LIGHTFOOT_CLICKHOUSE_PASSWORD: secret,
  }

  test('no line holds one', () => {
    const lines = describeSettings(readSettings(env, 2), env)
    expect(JSON.stringify(lines)).not.toContain(secret)
    expect(lines).toContainEqual({ name: 'LIGHTFOOT_ADMIN_TOKEN', value: '••••', from: 'environment' })
    expect(lines).toContainEqual({
      name: 'LIGHTFOOT_CLICKHOUSE_URL',
      value: 'http://lightfoot:••••@db:8123/x',
      from: 'environment',
    })
    expect(lines).toContainEqual({ name: 'LIGHTFOOT_PORT', value: '8080', from: 'default' })
  })

  test('no message holds one', () => {
    for (const name of [
      'LIGHTFOOT_PORT',
      'LIGHTFOOT_TRUST_PROXY',
      'LIGHTFOOT_LOG_LEVEL',
      'LIGHTFOOT_CLICKHOUSE_URL',
      'LIGHTFOOT_CLICKHOUSE_PASSWORD',
      'LIGHTFOOT_CLICKHOUSE_CA',
    ]) {
      expect(() => readSettings({ [name]: secret }, 2)).toThrow(expect.not.stringContaining(secret))
    }
  })

  test.each([
    [undefined, undefined],
    ['http://db:8123', 'http://db:8123/'],
    ['http://user@db:8123/x', 'http://user@db:8123/x'],
    ['http://:secret@db', 'http://:••••@db/'],
    ['http://db/x?password=secret', 'http://db/x?••••'],
  ])('%s is shown as %s', (url, wanted) => {
    expect(maskUrl(url)).toBe(wanted)
  })
})
