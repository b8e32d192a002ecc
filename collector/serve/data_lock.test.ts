import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { readBootId } from '../spool/boot_id.ts'
import { processStart } from '../spool/owner.ts'
import { dataOwner, lockData } from './data_lock.ts'
import { writeServeFile } from './serve_file.ts'

const folder = mkdtempSync(join(tmpdir(), 'lightfoot-lock-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

async function locked(directory: string) {
  const taken = await lockData(directory)
  if (!('lock' in taken)) throw new Error('the lock was not given')
  return taken.lock
}

test.each([
  ['in the directory itself', 'short'],
  ['where its path is too long for a socket', `${'long/'.repeat(30)}x`],
])('the first has it, the second learns who: %s', async (_name, name) => {
  const directory = join(folder, name)
  expect(await dataOwner(directory)).toBeUndefined()
  const lock = await locked(directory)
  expect(await lockData(directory)).toEqual({ owner: { pid: process.pid, adminUrl: '', publicUrl: '' } })
  lock.setOwner({ pid: process.pid, adminUrl: 'http://127.0.0.1:1', publicUrl: 'http://127.0.0.1:2' })
  expect((await dataOwner(directory))?.adminUrl).toBe('http://127.0.0.1:1')
  lock.release()
  expect(await dataOwner(directory)).toBeUndefined()
  const next = await locked(directory)
  next.release()
})

test('the socket of a killed owner is taken over', async () => {
  const directory = join(folder, 'stale')
  const first = await locked(directory)
  first.release()
  // A file at the socket's place to which nobody listens, as a kill leaves it.
  await leaveSocket(join(directory, 'serve.sock'))
  expect(await dataOwner(directory)).toBeUndefined()
  const lock = await locked(directory)
  expect((await dataOwner(directory))?.pid).toBe(process.pid)
  lock.release()
})

test('a server whose socket was removed keeps its directory, and is found', async () => {
  const directory = join(folder, 'removed')
  const server = await locked(directory)
  const bootId = readBootId()
  const owner = { pid: process.pid, adminUrl: 'http://127.0.0.1:1', publicUrl: 'http://127.0.0.1:2' }
  writeServeFile(directory, { ...owner, processStart: processStart(process.pid), bootId, children: [] })
  rmSync(join(directory, 'serve.sock'))
  expect(await dataOwner(directory)).toEqual(owner)
  expect(await lockData(directory)).toEqual({ owner })
  server.release()
})

test.each([
  ['another process has its pid by now', { processStart: 1 }],
  ['the machine was started again', { bootId: '00000000-0000-4000-8000-000000000000' }],
  ['its start is not known, so the pid may be anybody’s', { processStart: 0 }],
])('the file of a server that was killed is no lock: %s', async (name, change) => {
  const directory = join(folder, name)
  await locked(directory).then(lock => lock.release())
  const living = { pid: process.pid, processStart: processStart(process.pid), bootId: readBootId() }
  writeServeFile(directory, { ...living, ...change, adminUrl: '', publicUrl: '', children: [] })
  expect(await dataOwner(directory)).toBeUndefined()
  const lock = await locked(directory)
  lock.release()
})

/** The socket file of a server that is gone: closing removes the file, so it is made again under its name by a copy. */
async function leaveSocket(path: string): Promise<void> {
  const { execFileSync } = await import('node:child_process')
  const script = `require('net').createServer().listen(process.argv[1], () => process.kill(process.pid, 'SIGKILL'))`
  try {
    execFileSync(process.execPath, ['-e', script, path])
  } catch {
    // It killed itself, as intended.
  }
  await new Promise<void>((resolve, reject) => {
    const server = createServer()
    server.once('error', error =>
      'code' in error && error.code === 'EADDRINUSE' ? resolve() : reject(error),
    )
    server.listen(path, () => reject(new Error('the socket was not left')))
  })
}
