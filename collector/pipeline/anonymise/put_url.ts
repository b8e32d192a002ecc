// Host and path of the page, scrubbed; the allow-listed parameters only with a purpose.

import type { Context, PageDraft } from './context.ts'

export function putUrl({ cells, own }: PageDraft, { gate }: Context): void {
  if (gate.url === 'nothing') return
  cells.host = own.host
  cells.path = own.path
  if (gate.url === 'granted') cells.parameters = own.parameters
}
