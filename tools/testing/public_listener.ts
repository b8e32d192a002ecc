// The public app on a real listener with a real spool, keys, ledger and receipts, in one process: what an acceptor is made
// of, for tests of requests.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseConfig } from '../../collector/config/load_config.ts'
import { publicApp } from '../../collector/http/public_app.ts'
import type { PublicParts } from '../../collector/http/public_parts.ts'
import { acceptorParts } from '../../collector/serve/acceptor_parts.ts'
import { closeServer, type HttpLimits, httpServer, listen } from '../../collector/serve/http_server.ts'
import { readBootId } from '../../collector/spool/boot_id.ts'

export type PublicListener = {
  readonly url: string
  readonly dataDirectory: string
  /** What was logged, each error as text. */
  readonly logged: string[]
  /** Batches that were appended. */
  appended(): number
  metrics(): Promise<string>
  close(): Promise<void>
}

export type ListenerOptions = {
  readonly sites: readonly unknown[]
  readonly limits?: Partial<HttpLimits>
  /** Instead of the real parts, to make them fail. */
  readonly override?: Partial<PublicParts>
}

const script = 'console.log("the tracker")\n'
export const trackerFile = {
  body: Buffer.from(script),
  hash: 'fedcba9876543210',
  folder: '0123456789abcdef',
  integrity: 'sha384-test',
}

export async function listenPublic({ sites, limits, override }: ListenerOptions): Promise<PublicListener> {
  const dataDirectory = mkdtempSync(join(tmpdir(), 'lightfoot-http-'))
  const configFile = join(dataDirectory, 'lightfoot.json')
  writeFileSync(configFile, JSON.stringify({ sites }))
  const config = parseConfig(
    JSON.stringify({ controller: { name: 'Example Ltd', contact: 'privacy@example.com' }, sites }),
    configFile,
  )
  const tracker = new Map([['lightfoot.js', trackerFile]])
  const settings = { ...bareSettings, configFile, dataDirectory }
  const demo = { isDemo: false, isDemoOnly: false }
  const start = { settings, config, ...demo, slot: 1, bootId: readBootId(), publicUrl: '' }
  const { parts, writer, dayKeys } = await acceptorParts(start, tracker)
  dayKeys.tend(config.sites.map(site => site.timezone))
  const logged: string[] = []
  const logError = (error: unknown, where: string) => void logged.push(`${where}: ${String(error)}`)
  const server = httpServer(
    publicApp({ ...parts, config: () => config, lagSeconds: () => 0, logError, ...override }),
    limits,
  )
  const port = await listen(server, 0, '127.0.0.1')
  return {
    url: `http://127.0.0.1:${port}`,
    dataDirectory,
    logged,
    appended: () => writer.stats().records,
    metrics: () => parts.metrics.registry.metrics(),
    async close() {
      await closeServer(server, 100)
      await Promise.all([writer.close(), parts.ledger.close()])
      rmSync(dataDirectory, { recursive: true, force: true })
    },
  }
}

const bareSettings = {
  isConfigNamed: true,
  clickhouseUrl: undefined,
  host: '127.0.0.1',
  port: 0,
  adminHost: '127.0.0.1',
  adminPort: 0,
  adminToken: undefined,
  workers: 1,
  trustProxy: ['127.0.0.1/32'],
  logLevel: 'silent',
} as const
