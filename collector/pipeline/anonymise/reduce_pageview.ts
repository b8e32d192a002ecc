// A page was shown: its title, how the visitor came, from where, and by which campaign.

import type { PageviewEvent } from '../../../contract/events.ts'
import { limits } from '../../../contract/limits.ts'
import type { CellsOf } from '../cells.ts'
import { scrubText } from '../scrub/scrub_text.ts'
import { campaignCells } from './campaign.ts'
import type { Context, PageDraft } from './context.ts'
import { fromPath, referrerCells } from './referrer.ts'
import { statusCell } from './status.ts'

export function reducePageview(event: PageviewEvent, page: PageDraft, context: Context): CellsOf<'pageview'> {
  const { gate, permitted } = context
  const referrer = referrerCells(event.referrer, page, permitted.site, gate)
  const campaign = campaignCells(page, gate)
  const keepsArrival = gate.url !== 'nothing'
  return {
    title: gate.title === 'granted' && !page.isSensitive ? scrubText(event.title ?? '', limits.titleMax) : '',
    navigation: keepsArrival ? (event.navigation ?? '') : '',
    arrival: keepsArrival ? (event.arrival ?? '') : '',
    status: statusCell(event.status, gate),
    referrer_host: referrer.host,
    referrer_path: referrer.path,
    from_path: fromPath(event.from, page, permitted.site, gate),
    campaign_source: campaign.source,
    campaign_medium: campaign.medium,
    campaign_name: campaign.name,
    campaign_term: campaign.term,
    campaign_content: campaign.content,
    click_id: campaign.clickId,
  }
}
