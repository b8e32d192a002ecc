// The database behind clickhouse_http_server.ts: a chDB in a child process (chdb_child.mjs), in another time zone than any
// site of the tests, because no answer may depend on a server's own.

import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'

export const serverTimezone = 'America/New_York'

export type Statement = {
  sql: string
  settings: Record<string, string>
  parameters: Record<string, string>
  data: Buffer | undefined
  format: string
}
export type Answer = { id: number; body?: Uint8Array; error?: { code: number; message: string } }

export type Chdb = {
  /** Rejects when the child is killed meanwhile. */
  run(statement: Statement): Promise<Answer>
  stop(): Promise<void>
  kill(): Promise<void>
}

export async function startChdb(directory: string): Promise<Chdb> {
  const child: ChildProcess = fork(join(import.meta.dirname, 'chdb_child.mjs'), [directory], {
    serialization: 'advanced',
    execArgv: [],
    env: { ...process.env, TZ: serverTimezone },
  })
  type Waiting = { resolve(answer: Answer): void; reject(error: Error): void }
  const waiting = new Map<number, Waiting>()
  let lastId = 0
  await once(child, 'message')
  child.on('message', (answer: Answer) => {
    waiting.get(answer.id)?.resolve(answer)
    waiting.delete(answer.id)
  })
  child.on('exit', () => {
    for (const { reject } of waiting.values()) reject(new Error('the database was killed'))
    waiting.clear()
  })
  const isAlive = () => child.exitCode === null && child.signalCode === null

  async function end(how: () => void): Promise<void> {
    if (!isAlive()) return
    const exited = once(child, 'exit')
    how()
    await exited
  }

  return {
    run: statement =>
      new Promise((resolve, reject) => {
        if (!isAlive()) return reject(new Error('the database is not there'))
        lastId += 1
        waiting.set(lastId, { resolve, reject })
        // It may die while this is written; without a callback the error would be nobody's, and end the test.
        child.send({ id: lastId, ...statement }, error => {
          if (error) reject(error)
        })
      }),
    stop: () => end(() => child.disconnect()),
    kill: () => end(() => child.kill('SIGKILL')),
  }
}
