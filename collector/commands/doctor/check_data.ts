// The data directory: can it be written, is there room, does anything lie aside.

import { existsSync } from 'node:fs'
import { mkdir, open, rm, statfs } from 'node:fs/promises'
import { join } from 'node:path'
import { spoolStatus } from '../../load/spool_status.ts'
import type { Check, Finding } from './finding.ts'

const roomWarnBytes = 2 * 1024 ** 3
const roomFailBytes = 200 * 1024 ** 2

export const checkData: Check = async ({ settings, now }) => {
  const directory = settings.dataDirectory
  const writable = await checkWritable(directory)
  return writable.state === 'fail'
    ? [writable]
    : [writable, await checkRoom(directory), await checkAside(directory, now)]
}

/** Written and synced, as the spool does it. */
async function checkWritable(directory: string): Promise<Finding> {
  const file = join(directory, '.doctor')
  try {
    await mkdir(directory, { recursive: true, mode: 0o700 })
    const handle = await open(file, 'w')
    await handle.writeFile('x')
    const start = performance.now()
    await handle.datasync()
    const tookMs = performance.now() - start
    await handle.close()
    await rm(file)
    return { state: 'ok', text: `data directory: ${directory}, synced in ${tookMs.toFixed(1)} ms` }
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error'
    return {
      state: 'fail',
      text: `data directory: ${directory} cannot be written (${code}): set LIGHTFOOT_DATA`,
    }
  }
}

async function checkRoom(directory: string): Promise<Finding> {
  const { bavail, bsize } = await statfs(directory)
  const free = bavail * bsize
  const text = `disk: ${(free / 1024 ** 3).toFixed(1)} GiB free`
  if (free < roomFailBytes) return { state: 'fail', text: `${text}: make room` }
  return { state: free < roomWarnBytes ? 'warn' : 'ok', text }
}

async function checkAside(directory: string, now: number): Promise<Finding> {
  if (!existsSync(join(directory, 'spool'))) return { state: 'ok', text: 'spool: not used yet' }
  const { segments, bytes, quarantined, rejects } = await spoolStatus(directory, now)
  const text = `spool: ${(bytes / 1024).toFixed(1)} KiB in ${segments} segments wait to be loaded`
  if (quarantined + rejects === 0) return { state: 'ok', text }
  return { state: 'warn', text: `${text}; ${quarantined} damaged and ${rejects} refused lie aside` }
}
