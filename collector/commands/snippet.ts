// lightfoot snippet: prints the line for the site's pages on standard output, and advice on standard error.

import { join } from 'node:path'
import type { CAC } from 'cac'
import { packageRoot } from '../config/package_root.ts'
import { readSettings } from '../config/settings.ts'
import { pathPlaceholder, pixelSnippet } from '../http/pixel_snippet.ts'
import { snippet as makeSnippet, snippetFile } from '../http/snippet.ts'
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
    .option('--core', 'Name lightfoot.core.js: half as large, before consent only')
    .option('--pinned', 'Name the exact file and its integrity, so that browsers refuse any other')
    .option('--pixel', 'Also print the line for browsers without scripts')
    .option('--manual', 'The pages say themselves what is a pageview: lightfoot.pageview()')
    .option('--hash', 'The pages are routes in the fragment: /app#/orders')
    .option('--exclude <patterns>', 'Paths that are not counted: "/admin/* /drafts/*"')
    .option('--local', 'Count on localhost too')
    .example('lightfoot snippet --site shop --collector https://stats.example.com')
    .action(printSnippet)
}

async function printSnippet(flags: Flags): Promise<void> {
  const settings = readSettings(process.env)
  const site = askedSite((await serveOptions(settings, false)).readConfig().sites, textFlag(flags, 'site'))
  const given = textFlag(flags, 'collector')
  const collector = collectorOrigin(given ?? `http://localhost:${settings.port}`)
  const core = flags.core === true
  const pinned =
    flags.pinned === true
      ? readTrackerFiles(join(packageRoot(), 'dist/tracker')).get(snippetFile({ core }))
      : undefined
  const exclude = excludedPaths(textFlag(flags, 'exclude'))
  const options = {
    collector,
    core,
    local: flags.local === true,
    manual: flags.manual === true,
    hash: flags.hash === true,
    ...(pinned ? { pinned } : {}),
    ...(exclude === undefined ? {} : { exclude }),
  }
  console.log(makeSnippet(site, options))
  if (flags.pixel === true) {
    console.log(pixelSnippet(site, collector))
    console.error(
      `Have the page's template write its own path, percent-encoded, in the place of ${pathPlaceholder}.`,
    )
  }
  if (core && (site.tcf || site.mode === 'strict')) {
    console.error('lightfoot.core.js knows of no grants: on this site it says nothing at all.')
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

/** Separated by spaces or commas, as in the attribute. */
function excludedPaths(given: string | undefined): string | undefined {
  const patterns = given?.split(/[\s,]+/).filter(pattern => pattern !== '')
  if (patterns?.some(pattern => !/^[/*]/.test(pattern))) {
    throw new UsageError('--exclude names paths, each of which begins with / or *: "/admin/* /drafts/*"')
  }
  return patterns?.join(' ')
}
