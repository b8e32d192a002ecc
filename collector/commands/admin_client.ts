// Asks the running server over its private listener.

import { Readable } from 'node:stream'
import type { Settings } from '../config/config.ts'
import { CommandError, UsageError } from './command_error.ts'

export type AdminClient = {
  /** Throws UsageError for what the server finds wrong in the question, CommandError for everything else. */
  get(path: string): Promise<Buffer>
  /** Lines of NDJSON as they come. */
  post(path: string, body: unknown, onLine: (line: Readonly<Record<string, unknown>>) => void): Promise<void>
  /** A file as it is read. */
  upload(path: string, file: Upload, onLine: (line: Readonly<Record<string, unknown>>) => void): Promise<void>
}

export type Upload = { readonly contentType: string; readonly stream: Readable }

export function adminClient(adminUrl: string, settings: Settings): AdminClient {
  const headers: Record<string, string> =
    settings.adminToken === undefined ? {} : { Authorization: `Bearer ${settings.adminToken}` }
  const ask = async (path: string, init: RequestInit): Promise<Response> => {
    const response = await fetch(adminUrl + path, {
      ...init,
      headers: { ...headers, ...init.headers },
    }).catch(() => {
      throw new CommandError(`the running server does not answer at ${adminUrl}`)
    })
    if (response.ok) return response
    if (response.status === 401)
      throw new CommandError('the running server wants its token: set LIGHTFOOT_ADMIN_TOKEN to the same')
    const message = messageOf(await response.text()) ?? `the running server answered ${response.status}`
    throw response.status === 400 || response.status === 404
      ? new UsageError(message)
      : new CommandError(message)
  }
  return {
    get: async path => Buffer.from(await (await ask(path, {})).arrayBuffer()),
    async post(path, body, onLine) {
      const json = { 'Content-Type': 'application/json' }
      const response = await ask(path, { method: 'POST', headers: json, body: JSON.stringify(body) })
      await readLines(response, line => onLine(JSON.parse(line)))
    },
    async upload(path, { contentType, stream }, onLine) {
      // `half`: the server tells how far it is while it still reads.
      const body = { body: Readable.toWeb(stream), duplex: 'half' } as RequestInit
      const response = await ask(path, { method: 'POST', headers: { 'Content-Type': contentType }, ...body })
      await readLines(response, line => onLine(JSON.parse(line)))
    },
  }
}

function messageOf(text: string): string | undefined {
  try {
    return JSON.parse(text).error.message
  } catch {
    return undefined
  }
}

async function readLines(response: Response, onLine: (line: string) => void): Promise<void> {
  let rest = ''
  const decoder = new TextDecoder()
  for await (const chunk of chunksOf(response)) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) onLine(line)
  }
}

async function* chunksOf(response: Response): AsyncGenerator<Uint8Array> {
  try {
    for await (const chunk of response.body ?? []) yield chunk
  } catch {
    throw new CommandError('the running server ended before its answer was whole: try again')
  }
}
