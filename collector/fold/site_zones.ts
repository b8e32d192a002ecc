// The time zone that each site's days are counted in, remembered so that a change is noticed.
//
// A day that has rows stays a day of the zone in which they were counted: the id of a visitor is made with the key of that
// day and zone and the key is gone, so days cut anew would count one visitor under two ids, and those whose raw rows have
// expired could not be cut at all. From the change on, new rows have days of the new zone; nothing is counted twice and
// nothing is lost. The day of the change is one of both: shorter or longer than others by the distance of the zones, and
// who came before and after it counts twice in it.

import { mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Site } from '../config/config.ts'
import { localTime } from '../pipeline/local_time.ts'
import { errorCode, writeFileDurably } from '../spool/files.ts'

export type SiteZone = {
  readonly timezone: string
  /** The last change: from which zone, and the local day, in the new zone, on which it was noticed. */
  readonly changed?: { readonly from: string; readonly day: string }
}

/** By site. `directory`: data/fold. */
export function readSiteZones(directory: string): Readonly<Record<string, SiteZone>> {
  try {
    return JSON.parse(readFileSync(fileIn(directory), 'utf8')) as Record<string, SiteZone>
  } catch (error) {
    // A file that cannot be understood is as good as none: only the news of a change is lost.
    if (errorCode(error) === 'ENOENT' || error instanceof SyntaxError) return {}
    throw error
  }
}

/** Remembers the zones of now; gives the sites whose zone is another one than before. */
export async function noteSiteZones(
  directory: string,
  sites: readonly Pick<Site, 'id' | 'timezone'>[],
  now: number,
): Promise<readonly (SiteZone & { readonly site: string })[]> {
  const known = readSiteZones(directory)
  const news = sites
    .filter(({ id, timezone }) => known[id]?.timezone !== timezone)
    .map(({ id, timezone }) => {
      const from = known[id]?.timezone
      const changed = from === undefined ? {} : { changed: { from, day: localTime(timezone, now).day } }
      return { site: id, timezone, ...changed }
    })
  if (news.length === 0) return []
  mkdirSync(directory, { recursive: true, mode: 0o700 })
  const zones = { ...known, ...Object.fromEntries(news.map(({ site, ...zone }) => [site, zone])) }
  await writeFileDurably(fileIn(directory), `${JSON.stringify(zones)}\n`)
  return news.filter(({ changed }) => changed !== undefined)
}

function fileIn(directory: string): string {
  return join(directory, 'zones.json')
}
