// lightfoot snippet: prints the line for the site's pages on standard output, and advice on standard error.

import { join } from 'node:path'
import type { CAC } from 'cac'
import { packageRoot } from '../config/package_root.ts'
import { readSettings } from '../config/settings.ts'
import { pathPlaceholder, pixelSnippet } from '../http/pixel_snippet.ts'
import { snippet as makeSnippet } from '../http/snippet.ts'
import { readTrackerFiles } from '../http/tracker_files.ts'
import { serveOptions } from '../serve/serve_options.ts'
import { UsageError } from './command_error.ts'
import { type Flags, textFlag } from './flags.ts'
import { askedSite } from './report.ts'

export function snippet(cli: CAC): void {
  cli
    .command('snippet', 'Print the line to paste into the head of a site’s pages')
    .option('--site <id>', 'Site; may be left out when there is only one')
    .option('--collector <url>', 'Address under which browsers reach this collector')
    .option('--pinned', 'Name the exact file and its integrity, so that browsers refuse any other')
    .option('--pixel', 'Also print the line for browsers without scripts')
    .option('--local', 'Count on localhost too')
    .example('lightfoot snippet --site shop --collector https://stats.example.com')
    .action(printSnippet)
}

async function printSnippet(flags: Flags): Promise<void> {
  const settings = readSettings(process.env)
  const site = askedSite((await serveOptions(settings, false)).readConfig().sites, textFlag(flags, 'site'))
  const given = textFlag(flags, 'collector')
  const collector = collectorOrigin(given ?? `http://localhost:${settings.port}`)
  const pinned =
    flags.pinned === true
      ? readTrackerFiles(join(packageRoot(), 'dist/tracker')).get('lightfoot.js')
      : undefined
  console.log(makeSnippet(site, { collector, local: flags.local === true, ...(pinned ? { pinned } : {}) }))
  if (flags.pixel === true) {
    console.log(pixelSnippet(site, collector))
    console.error(
      `Have the page's template write its own path, percent-encoded, in the place of ${pathPlaceholder}.`,
    )
  }
  if (given === undefined) {
    console.error(
      `Put the address under which browsers reach this collector in the place of ${collector}, or give --collector.`,
    )
  }
}

function collectorOrigin(given: string): string {
  if (!/^https?:\/\//.test(given) || !URL.canParse(given)) {
    throw new UsageError('--collector is an address such as https://stats.example.com')
  }
  return new URL(given).origin
}
