// The configuration: can it be read, and what in it is worth a second look.

import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { ConfigError } from '../../config/config.ts'
import { configNotes } from '../../config/config_notes.ts'
import { loadConfig } from '../../config/load_config.ts'
import { readSiteZones, type SiteZone } from '../../fold/site_zones.ts'
import { localTime } from '../../pipeline/local_time.ts'
import type { Check, Finding } from './finding.ts'

export const checkConfig: Check = async ({ settings, now }) => {
  if (!settings.isConfigNamed && !existsSync(settings.configFile)) {
    return [
      {
        state: 'warn',
        text: 'configuration: there is none, so serve shows the demo; lightfoot init writes one',
      },
    ]
  }
  try {
    const config = loadConfig(settings.configFile)
    const zones = readSiteZones(join(settings.dataDirectory, 'fold'))
    const sites = config.sites.map((site): Finding => {
      const { id, mode, timezone } = site
      const today = `site ${id}: ${mode}, in ${timezone} it is ${localTime(timezone, now).day}`
      return { state: 'ok', text: today + zoneNote(timezone, zones[id]) }
    })
    const notes = configNotes(config).map((text): Finding => ({ state: 'warn', text }))
    return [{ state: 'ok', text: `configuration: ${settings.configFile}` }, ...sites, ...notes]
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    return [{ state: 'fail', text: `configuration: ${error.message}` }]
  }
}

function zoneNote(timezone: string, counted: SiteZone | undefined): string {
  if (counted && counted.timezone !== timezone) return `; its days so far are days of ${counted.timezone}`
  if (counted?.changed) return `; days before ${counted.changed.day} are days of ${counted.changed.from}`
  return ''
}
