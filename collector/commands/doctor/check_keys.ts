// The keys of today, one for each time zone in use. Without one, events get no daily id.

import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Config } from '../../config/config.ts'
import { loadConfigIfPresent } from '../../config/load_config.ts'
import { localTime } from '../../pipeline/local_time.ts'
import { isDestroyed } from '../../privacy/secret_file.ts'
import type { Check, Finding, Patient } from './finding.ts'

export const checkKeys: Check = async patient => {
  const config = readable(patient)
  const zones = new Set(config?.sites.map(site => site.timezone) ?? [])
  return [...zones].map(zone => checkZone(patient, zone))
}

/** A wrong configuration is another check's finding. */
function readable({ settings }: Patient): Config | undefined {
  try {
    return loadConfigIfPresent(settings.configFile)
  } catch {
    return undefined
  }
}

function checkZone({ settings, owner, now }: Patient, zone: string): Finding {
  const day = localTime(zone, now).day
  const file = join(settings.dataDirectory, 'keys/day', zone.replaceAll('/', '~'), `${day}.key`)
  if (existsSync(file) && isDestroyed(file)) return { state: 'fail', text: destroyedEarly(day, zone) }
  if (existsSync(file)) return { state: 'ok', text: `day key: ${day} in ${zone}` }
  if (!owner) return { state: 'ok', text: `day key: ${day} in ${zone} is made when the server starts` }
  return {
    state: 'fail',
    text: `day key: ${day} in ${zone} is missing, so visitors are not told apart: see the log`,
  }
}

function destroyedEarly(day: string, zone: string): string {
  return `day key: ${day} in ${zone} was destroyed by a clock that was ahead, so visitors of this day are not told apart`
}
