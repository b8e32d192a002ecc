// Host and path of the page, scrubbed; the allow-listed parameters only with a purpose.

import { scrubUrl } from '../scrub/scrub_url.ts'
import type { Context, PageDraft } from './context.ts'

export function putUrl(page: PageDraft, { gate, permitted }: Context): void {
  const { host, path, parameters, isSensitive } = scrubUrl(page.url, permitted.site)
  page.isSensitive = isSensitive
  if (gate.url === 'nothing') return
  page.cells.host = host
  page.cells.path = path
  if (gate.url === 'granted') page.cells.parameters = parameters
}
