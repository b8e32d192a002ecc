// Removes what is loaded: segments first, and only when that is durable the manifests that named them, because a segment
// without its manifest would be loaded again.

import { mkdir, rename, unlink } from 'node:fs/promises'
import { join } from 'node:path'
import { errorCode, syncDirectory } from '../spool/files.ts'
import { listSegments } from '../spool/recovery.ts'
import { createdMsOf } from '../spool/segment.ts'
import type { BatchWindow } from './batch_window.ts'
import { type Manifest, removeManifest } from './manifest.ts'

/** What the loader remembers of a manifest on the disk. */
export type KeptManifest = {
  readonly load: number
  readonly segments: readonly string[]
}

export function keptManifest({ load, ranges }: Manifest): KeptManifest {
  return { load, segments: [...new Set(ranges.map(({ segment }) => segment))] }
}

/** A damaged segment is kept in quarantine/ after all that could be read of it is loaded. */
export async function removeSegments(
  spoolDirectory: string,
  finished: readonly { segment: string; isDamaged: boolean }[],
): Promise<void> {
  const quarantine = join(spoolDirectory, 'quarantine')
  for (const { segment, isDamaged } of finished) {
    const path = join(spoolDirectory, `${segment}.seg`)
    try {
      if (isDamaged) {
        await mkdir(quarantine, { recursive: true, mode: 0o700 })
        await rename(path, join(quarantine, `${segment}.seg`))
        await syncDirectory(quarantine)
      } else await unlink(path)
    } catch (error) {
      if (errorCode(error) !== 'ENOENT') throw error
    }
  }
  await syncDirectory(spoolDirectory)
}

/**
 * Gives back the manifests that stay: the newest (its number goes on), those that name a segment that exists, and those
 * whose batch hashes are still within the window of repeats.
 */
export async function pruneManifests(
  loadsDirectory: string,
  spoolDirectory: string,
  kept: readonly KeptManifest[],
  window: Pick<BatchWindow, 'remembers'>,
): Promise<KeptManifest[]> {
  const existing = new Set((await listSegments(spoolDirectory)).map(({ segment }) => segment))
  const newest = Math.max(...kept.map(({ load }) => load))
  const isNeeded = (segment: string) => existing.has(segment) || window.remembers(createdMsOf(segment))
  const stays = ({ load, segments }: KeptManifest) => load === newest || segments.some(isNeeded)
  for (const manifest of kept) if (!stays(manifest)) await removeManifest(loadsDirectory, manifest.load)
  return kept.filter(stays)
}
