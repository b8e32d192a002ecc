// Asks the database of a running product, through the probe in its engine (engine_probe.mjs).

import { createConnection } from 'node:net'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { packageRoot } from '../../collector/config/package_root.ts'

export type Row = Readonly<Record<string, string>>

const askMs = 20_000

/** Environment that brings modules into all processes of a product. `socket` is short: a path of a socket has 100 bytes. */
export function probeEnv(socket: string, preloads: readonly string[] = []): Record<string, string> {
  const files = [join(packageRoot(), 'tools/torture/engine_probe.mjs'), ...preloads]
  const imports = files.map(file => `--import=${pathToFileURL(file)}`)
  return { ENGINE_PROBE_SOCKET: socket, NODE_OPTIONS: [process.env.NODE_OPTIONS ?? '', ...imports].join(' ') }
}

/** The rows of each statement. Rejects while there is no engine, or when it dies meanwhile. */
export function askEngine(socketPath: string, statements: readonly string[]): Promise<Row[][]> {
  return new Promise((resolve, reject) => {
    let text = ''
    const socket = createConnection(socketPath)
    socket.setTimeout(askMs, () => socket.destroy(new Error('the engine does not answer')))
    socket.on('error', reject)
    socket.on('data', chunk => {
      text += chunk
    })
    socket.on('close', () => {
      try {
        const { answers, error } = JSON.parse(text) as { answers?: Row[][]; error?: string }
        if (answers) resolve(answers)
        else reject(new Error(error))
      } catch {
        reject(new Error('the engine died while it was asked'))
      }
    })
    socket.write(`${JSON.stringify(statements)}\n`)
  })
}
