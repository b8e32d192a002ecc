// A disk of a few megabytes, to be filled by tests: a tmpfs, mounted by root, or by anybody in a user namespace of their own,
// which then is looked into through /proc.

import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdtempSync,
  openSync,
  rmSync,
  statfsSync,
  statSync,
  truncateSync,
  writeSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { errorCode } from '../../collector/spool/files.ts'

export type SmallDisk = {
  readonly directory: string
  freeBytes(): number
  totalBytes(): number
  /** Makes a file so large that so many bytes are free, none for 0. */
  fill(leaveBytes: number): void
  /** Removes what `fill` wrote. */
  empty(): void
  remove(): void
}

/** The disk, or in a few words why there can be none here. */
export async function smallDisk(megabytes: number): Promise<SmallDisk | string> {
  if (process.platform !== 'linux') return `no tmpfs on ${process.platform}`
  const folder = mkdtempSync(join(tmpdir(), 'lightfoot-disk-'))
  const mounted = mountAsRoot(folder, megabytes) ?? (await mountInNamespace(folder, megabytes))
  if (mounted !== undefined) return describe(mounted)
  rmSync(folder, { recursive: true })
  return 'neither mount nor unshare -Urm is allowed'
}

type Mounted = { readonly directory: string; unmount(): void }

function mountAsRoot(folder: string, megabytes: number): Mounted | undefined {
  const { status } = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', folder])
  if (status !== 0) return undefined
  return {
    directory: folder,
    unmount() {
      spawnSync('umount', ['-l', folder])
      rmSync(folder, { recursive: true })
    },
  }
}

/** The mount lives as long as the process that made it, which reads from us and so ends with us. */
async function mountInNamespace(folder: string, megabytes: number): Promise<Mounted | undefined> {
  const script = `mount -t tmpfs -o size=${megabytes}m tmpfs "$1" && echo mounted && exec cat`
  const holder = spawn('unshare', ['-Urm', 'sh', '-c', script, 'sh', folder], {
    stdio: ['pipe', 'pipe', 'ignore'],
  })
  if (!(await says(holder, 'mounted'))) return undefined
  return {
    directory: join(`/proc/${holder.pid}/root`, folder),
    unmount() {
      holder.kill('SIGKILL')
      rmSync(folder, { recursive: true })
    },
  }
}

function says(child: ChildProcess, word: string): Promise<boolean> {
  return new Promise(resolve => {
    let text = ''
    child.stdout?.on('data', chunk => {
      text += chunk
      if (text.includes(word)) resolve(true)
    })
    child.on('error', () => resolve(false))
    child.on('exit', () => resolve(false))
  })
}

function describe({ directory, unmount }: Mounted): SmallDisk {
  const ballast = join(directory, 'ballast')
  const freeBytes = () => {
    const { bavail, bsize } = statfsSync(directory)
    return bavail * bsize
  }
  const empty = () => rmSync(ballast, { force: true })
  return {
    directory,
    freeBytes,
    totalBytes() {
      const { blocks, bsize } = statfsSync(directory)
      return blocks * bsize
    },
    fill(leaveBytes) {
      const leave = Math.floor(leaveBytes)
      shrink(ballast, leave - freeBytes())
      growUntil(ballast, () => freeBytes() - leave)
    },
    empty,
    remove: unmount,
  }
}

const pieceBytes = 1024 * 1024

function shrink(file: string, byBytes: number): void {
  if (byBytes > 0 && existsSync(file)) truncateSync(file, Math.max(0, statSync(file).size - byBytes))
}

/** Others write at the same time, so what is left is asked again and again. */
function growUntil(file: string, restBytes: () => number): void {
  const handle = openSync(file, 'a')
  try {
    for (let rest = restBytes(); rest > 0; rest = restBytes())
      writeSync(handle, Buffer.alloc(Math.min(rest, pieceBytes)))
    fsyncSync(handle)
  } catch (error) {
    // Full to the last byte, which is what was wanted.
    if (errorCode(error) !== 'ENOSPC') throw error
  } finally {
    closeSync(handle)
  }
}
