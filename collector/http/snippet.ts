// The line that a site's owner pastes into its pages. Everything that the tracker must know before it may do anything is
// in its attributes, so it asks nobody and decides before the first listener.

import { writeTcfMap } from '../../contract/tcf.ts'
import type { Site } from '../config/config.ts'
import { escapeHtml } from './escape_html.ts'
import type { TrackerFile } from './tracker_files.ts'

export type SnippetOptions = {
  /** Origin of the collector as browsers see it, `https://stats.example.com`; '' for the page's own origin. */
  readonly collector: string
  /** Count on localhost too. */
  readonly local?: boolean
  /** The pages call `lightfoot.pageview()` themselves. */
  readonly manual?: boolean
  /** Routes in the fragment are pages. */
  readonly hash?: boolean
  /** Patterns of the paths that are not counted: `/admin/* /drafts/*`. */
  readonly exclude?: string
  /** The small script, which knows of no choices. */
  readonly core?: boolean
  /** Pins the exact file: served from its hash URL and checked by the browser. */
  readonly pinned?: TrackerFile
}

/** The file that the line names. */
export const snippetFile = ({ core }: Pick<SnippetOptions, 'core'>): string =>
  core ? 'lightfoot.core.js' : 'lightfoot.js'

/** `<script defer src="https://stats.example.com/lightfoot.js" data-site="shop" data-mode="exempt" data-policy="1"></script>` */
export function snippet(site: Site, options: SnippetOptions): string {
  const { collector, pinned, exclude } = options
  const path = `${pinned ? `/t/${pinned.folder}` : ''}/${snippetFile(options)}`
  const attributes: [string, string][] = [['src', collector + path]]
  if (pinned) attributes.push(['integrity', pinned.integrity], ['crossorigin', 'anonymous'])
  attributes.push(['data-site', site.id], ['data-mode', site.mode], ['data-policy', String(site.policy)])
  if (site.gpc === 'objection') attributes.push(['data-gpc', 'objection'])
  if (site.tcf) attributes.push(['data-tcf', writeTcfMap(site.tcf)])
  for (const [name, parameters] of [
    ['data-search', site.search.parameters],
    ['data-parameters', site.parameters],
  ] as const) {
    // Names with a space in them cannot be told apart from several.
    const written = parameters.filter(parameter => !/\s/.test(parameter))
    if (written.length > 0) attributes.push([name, written.join(' ')])
  }
  if (site.cookieDomain !== '') attributes.push(['data-cookie-domain', site.cookieDomain])
  if (exclude !== undefined) attributes.push(['data-exclude', exclude])
  const written = attributes.map(([name, value]) => `${name}="${escapeHtml(value)}"`)
  for (const name of ['manual', 'hash', 'local'] as const) if (options[name]) written.push(`data-${name}`)
  return `<script defer ${written.join(' ')}></script>`
}
