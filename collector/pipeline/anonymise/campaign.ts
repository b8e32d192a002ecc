// Campaign parameters of the page's own URL. Source and medium say which advertisement was seen by many; the rest, and
// click ids above all, can name one click of one person and so need the purpose `campaigns`.

import { limits } from '../../../contract/limits.ts'
import type { Gate } from '../gate.ts'
import { removeAddresses } from '../scrub/remove_personal.ts'
import { scrubText } from '../scrub/scrub_text.ts'
import type { PageDraft } from './context.ts'

export type Campaign = {
  readonly source: string
  readonly medium: string
  readonly name: string
  readonly term: string
  readonly content: string
  readonly clickId: string
}

const none: Campaign = { source: '', medium: '', name: '', term: '', content: '', clickId: '' }

/** Google, Meta, Microsoft, TikTok, X, LinkedIn, Pinterest, Snapchat, Reddit, Yahoo, Yandex, Mailchimp, Impact, Instagram. */
export const clickIdNames = [
  'gclid',
  'gbraid',
  'wbraid',
  'dclid',
  'fbclid',
  'msclkid',
  'ttclid',
  'twclid',
  'li_fat_id',
  'epik',
  'ScCid',
  'rdt_cid',
  'vmcid',
  'yclid',
  'mc_eid',
  'irclickid',
  'igshid',
] as const

/** An id of a click is one word. Anything else under its name is something else: an e-mail address, a URL. */
const clickIdValue = /^[\w.~-]{1,200}$/

export function campaignCells({ isSensitive, url }: PageDraft, gate: Gate): Campaign {
  if (url.search === '' || gate.campaign === 'nothing') return none
  const query = url.searchParams
  const source = firstOf(query, ['utm_source', 'source', 'ref'])
  const medium = firstOf(query, ['utm_medium'])
  if (gate.campaign !== 'granted') return { ...none, source, medium }
  return {
    source,
    medium,
    name: firstOf(query, ['utm_campaign']),
    // What was searched for on the way to a page that reveals, reveals as much as its path.
    term: isSensitive ? '' : firstOf(query, ['utm_term']),
    content: isSensitive ? '' : firstOf(query, ['utm_content']),
    clickId: clickIdOf(query),
  }
}

function firstOf(query: URLSearchParams, names: readonly string[]): string {
  for (const name of names) {
    const value = query.get(name)
    if (value !== null && value !== '') return scrubText(value, limits.nameMax)
  }
  return ''
}

/** An address in four parts is written with the same characters as an id. */
function isClickId(value: string): boolean {
  return clickIdValue.test(value) && removeAddresses(value) === value
}

/** `gclid=EAIaIQ…`; the first that is there. */
function clickIdOf(query: URLSearchParams): string {
  for (const name of clickIdNames) {
    const value = query.get(name)
    if (value !== null && isClickId(value)) return `${name}=${value}`
  }
  return ''
}
