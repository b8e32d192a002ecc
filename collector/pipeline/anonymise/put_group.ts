// The group of the page, from the first pattern of the configuration that matches its path as it is stored. Where no path
// may be kept, no group may: it tells a part of the path.

import type { Context, PageDraft } from './context.ts'

export function putGroup({ cells, own }: PageDraft, { gate }: Context): void {
  if (gate.url !== 'nothing') cells.page_group = own.group
}
