// What `serve` prints once it runs: where to look, and what to do next.

import { existsSync } from 'node:fs'
import type { ServeOptions } from '../serve/serve_options.ts'
import type { Served } from '../serve/supervisor.ts'

export function banner(served: Served, { isDemo, settings }: ServeOptions): string {
  const { publicUrl, adminUrl } = served.owner
  const lines = [
    '',
    isDemo ? `  demo site   ${publicUrl}/demo/` : `  collector   ${publicUrl}`,
    ...(isDemo ? [`  tracker lab ${publicUrl}/demo/lab/`] : []),
    `  dashboard   ${adminUrl}/`,
    `  privacy     ${publicUrl}/privacy`,
    '',
  ]
  if (!served.isDatabaseOpen())
    lines.push('  The database is not open yet; events are taken and wait in the spool.', '')
  if (isDemo && !existsSync(settings.configFile)) {
    lines.push(
      '  There is no lightfoot.json, so this is the demo, on this machine only.',
      '  Click through the demo site, or let it be visited:  npx lightfoot demo',
      '  For your own site:                                  npx lightfoot init',
      '',
    )
  }
  return lines.join('\n')
}
