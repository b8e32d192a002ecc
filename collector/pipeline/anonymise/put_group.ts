// The group of the page, from the first pattern of the configuration that matches its path as it is stored: a group can
// tell no more than the path does.

import { matchesPattern } from '../scrub/match_pattern.ts'
import type { Context, PageDraft } from './context.ts'

export function putGroup({ cells }: PageDraft, { permitted }: Context): void {
  if (cells.path === '') return
  cells.page_group = permitted.site.groups.find(group => matchesPattern(group.path, cells.path))?.name ?? ''
}
