// Says once, in one line a site, that the days of a site have become days of another time zone, and what that means.

import { join } from 'node:path'
import type { Config, Settings } from '../config/config.ts'
import { noteSiteZones } from '../fold/site_zones.ts'
import type { Log } from './log.ts'

/** For each configuration that comes into force, one after the other. */
export function createZoneNotes(
  settings: Settings,
  log: Log,
  logError: (error: unknown, where: string) => void,
): (config: Config) => Promise<void> {
  const directory = join(settings.dataDirectory, 'fold')
  let last = Promise.resolve()
  const note = async ({ sites }: Config) => {
    for (const { site, timezone, changed } of await noteSiteZones(directory, sites, Date.now())) {
      log.warn(
        `site ${site} is now in ${timezone}: its days so far stay days of ${changed?.from}, and ${changed?.day} is one of both`,
      )
    }
  }
  return config => {
    last = last.then(() => note(config)).catch(error => logError(error, 'note the time zones'))
    return last
  }
}
