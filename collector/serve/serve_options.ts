// What `lightfoot serve` needs to know before it starts a process: settings and configuration, or the demo's.

import { existsSync } from 'node:fs'
import { createServer } from 'node:net'
import type { Config, Settings } from '../config/config.ts'
import { demoConfig } from '../config/demo_config.ts'
import { findSite } from '../config/find_site.ts'
import { loadConfig } from '../config/load_config.ts'

export type ServeOptions = {
  readonly settings: Settings
  readonly isDemo: boolean
  /** There is no configuration file: the demo site is the only one. */
  readonly isDemoOnly: boolean
  /** Reads the configuration again. Throws ConfigError. */
  readConfig(): Config
}

/**
 * Without a lightfoot.json, or with --demo, the demo site is served, on loopback only. A file that LIGHTFOOT_CONFIG names and
 * that is missing is a mistake, and no demo: `readConfig` says so. Throws ConfigError.
 */
export async function serveOptions(asked: Settings, wantsDemo: boolean): Promise<ServeOptions> {
  const { configFile } = asked
  const hasConfig = existsSync(configFile)
  const settings = { ...asked, port: asked.port === 0 ? await freePort() : asked.port }
  if ((hasConfig || asked.isConfigNamed) && !wantsDemo)
    return { settings, isDemo: false, isDemoOnly: false, readConfig: () => loadConfig(configFile) }
  const demo = demoConfig({ port: settings.port, timezone: Intl.DateTimeFormat().resolvedOptions().timeZone })
  return {
    settings: {
      ...settings,
      host: '127.0.0.1',
      trustProxy: [...settings.trustProxy, '127.0.0.0/8', '::1/128'],
    },
    isDemo: true,
    isDemoOnly: !hasConfig,
    readConfig: () => (hasConfig ? withDemo(loadConfig(configFile), demo) : demo),
  }
}

/** The demo beside the configured sites; a configured site of that id is the one to be used. */
function withDemo(config: Config, demo: Config): Config {
  return findSite(config, 'demo') ? config : { ...config, sites: [...config.sites, ...demo.sites] }
}

/**
 * Port 0 is settled before anything listens: the demo's origins name the port, and an acceptor that is started again must
 * find the one that the others have.
 */
function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0))
    })
  })
}
