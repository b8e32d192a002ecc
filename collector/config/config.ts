// The configuration as the rest of the collector sees it: read once, checked once, trusted inside.

import type { TcfMap } from '../../contract/tcf.ts'

export type Group = { readonly name: string; readonly path: string }
export type Goal = { readonly name: string; readonly path?: string; readonly event?: string }

export type Site = {
  readonly id: string
  readonly name: string
  /** `https://www.example.com`, or `https://*.example.com` for its subdomains. */
  readonly origins: readonly string[]
  readonly mode: 'strict' | 'exempt'
  /** Version of the site's privacy policy; a receipt for an older one is no longer valid. */
  readonly policy: number
  /** IANA name; days and hours of reports are this zone's. */
  readonly timezone: string
  readonly region: string
  /** What GPC and DNT mean here: they refuse some purposes, or they are an objection to everything. */
  readonly gpc: 'refuse' | 'objection'
  /** What consents on a platform of the IAB grant, where there is one. */
  readonly tcf?: TcfMap
  /** Query parameters that may be kept. */
  readonly parameters: readonly string[]
  readonly search: { readonly parameters: readonly string[] }
  readonly groups: readonly Group[]
  /** Path patterns that reveal; they collapse to the pattern. */
  readonly sensitive: readonly string[]
  readonly cookieDomain: string
  /** Names of custom events that may be kept before consent. */
  readonly events: readonly string[]
  /** The site's own phone numbers, E.164. */
  readonly numbers: readonly string[]
  readonly goals: readonly Goal[]
  readonly funnels: readonly unknown[]
  readonly retention: {
    readonly exemptDays: number
    readonly grantedDays: number
    readonly rollupMonths: number
  }
  /** Rows of fewer visitors are merged; 1 turns merging off. */
  readonly minimumGroup: number
}

export type Config = {
  readonly controller: { readonly name: string; readonly contact: string }
  readonly sites: readonly Site[]
  readonly recipients: readonly unknown[]
}

/** What the environment says. */
export type Settings = {
  readonly configFile: string
  /** LIGHTFOOT_CONFIG names it. Then it has to be there, while without the default one the demo is served. */
  readonly isConfigNamed: boolean
  readonly dataDirectory: string
  /** With user and password, where there are any. */
  readonly clickhouseUrl: string | undefined
  /** A file. Without it, the authorities that Node knows are trusted. */
  readonly clickhouseCa?: string | undefined
  /** Without an answer for so long, the server counts as away. */
  readonly clickhouseTimeoutMs?: number
  readonly host: string
  readonly port: number
  readonly adminHost: string
  readonly adminPort: number
  readonly adminToken: string | undefined
  readonly workers: number
  /** CIDRs whose `X-Forwarded-For` is believed. */
  readonly trustProxy: readonly string[]
  readonly logLevel: 'silent' | 'error' | 'warn' | 'info' | 'debug'
}

/** Wrong configuration: the message is one clear line that names the key and the fix. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'
}
