// What is allowed in a configuration but worth a second look; `lightfoot doctor` shows it.

import type { Config, Site } from './config.ts'
import { isLoopback } from './network_names.ts'

/** One line each, beginning with the key. */
export function configNotes(config: Config): readonly string[] {
  const notes = config.sites.flatMap((site, index) => siteNotes(site, `sites[${index}]`))
  if (config.controller.name === '' || config.controller.contact === '') {
    notes.push('controller: name and contact are not both given, and /privacy should say who is responsible')
  }
  return notes
}

function siteNotes(site: Site, path: string): string[] {
  const notes: string[] = []
  for (const [index, origin] of site.origins.entries()) {
    const { protocol, hostname } = new URL(origin.replace('*.', ''))
    if (protocol === 'http:' && !isLoopback(hostname)) {
      notes.push(
        `${path}.origins[${index}]: ${origin} is not encrypted: anyone on the way can read what is sent`,
      )
    }
  }
  if (site.minimumGroup < 5) {
    notes.push(
      `${path}.minimumGroup: ${site.minimumGroup} shows rows of very few visitors; 10 is the default`,
    )
  }
  return notes
}
