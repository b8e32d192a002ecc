// The product on a folder and ports of its own, which stay the same however often it is killed and started again, and the
// database inside its engine, which can be asked while it runs.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePorts } from '../testing/free_ports.ts'
import { type Product, startProduct } from '../testing/product.ts'
import { askEngine, probeEnv, type Row } from './ask_engine.ts'
import { config } from './batches.ts'

export type Stand = {
  readonly folder: string
  readonly dataDirectory: string
  readonly publicUrl: string
  readonly adminUrl: string
  /** Starts the product; the one before has ended. */
  start(): Promise<Product>
  /** The rows of each statement. Rejects while there is no engine. */
  ask(statements: readonly string[]): Promise<Row[][]>
  remove(): void
}

export type StandOptions = {
  readonly config?: unknown
  readonly env?: Readonly<Record<string, string>>
  /** Modules that are loaded into the product's processes. */
  readonly preloads?: readonly string[]
}

export async function createStand({ preloads = [], ...options }: StandOptions = {}): Promise<Stand> {
  const folder = mkdtempSync(join(tmpdir(), 'lightfoot-torture-'))
  const socket = join(folder, 'engine.sock')
  const [port, adminPort] = await freePorts(2)
  const env = {
    ...probeEnv(socket, preloads),
    LIGHTFOOT_WORKERS: '2',
    LIGHTFOOT_PORT: String(port),
    LIGHTFOOT_ADMIN_PORT: String(adminPort),
    ...options.env,
  }
  return {
    folder,
    dataDirectory: join(folder, 'data'),
    publicUrl: `http://127.0.0.1:${port}`,
    adminUrl: `http://127.0.0.1:${adminPort}`,
    start: () => startProduct({ folder, config: options.config ?? config, env }),
    ask: statements => askEngine(socket, statements),
    remove: () => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }),
  }
}
