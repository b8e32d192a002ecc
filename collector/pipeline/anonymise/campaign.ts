// Campaign parameters of the page's own URL: the only ones that need no word of the configuration, so only names that are
// a campaign's and nothing else's. utm_source and utm_medium say which advertisement was seen by many, as long as they are
// one plain word each; the rest, free text and click ids above all, can be of one person and need the purpose `campaigns`.

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

/** What a campaign's maker writes, `spring-sale`, and no sentence, name in full, address or key. */
const plainWord = /^[a-z0-9._-]{1,40}$/

export function campaignCells({ isSensitive, url }: PageDraft, gate: Gate): Campaign {
  // Whoever advertises a page that reveals, names in the campaign what the path may not say.
  if (isSensitive || url.search === '' || gate.campaign === 'nothing') return none
  const query = url.searchParams
  if (gate.campaign !== 'granted') {
    return { ...none, source: plainWordOf(query, 'utm_source'), medium: plainWordOf(query, 'utm_medium') }
  }
  return {
    // Small letters, as before consent: one campaign is one line of a report.
    source: textOf(query, 'utm_source').toLowerCase(),
    medium: textOf(query, 'utm_medium').toLowerCase(),
    name: textOf(query, 'utm_campaign'),
    term: textOf(query, 'utm_term'),
    content: textOf(query, 'utm_content'),
    clickId: clickIdOf(query),
  }
}

function textOf(query: URLSearchParams, name: string): string {
  return scrubText(query.get(name) ?? '', limits.nameMax)
}

/** `News → news`; '' for what is more than a word, and for a word in which the scrub finds anything. */
function plainWordOf(query: URLSearchParams, name: string): string {
  const value = query.get(name) ?? ''
  const word = value.toLowerCase()
  // As it was written, because the scrub tells keys by their changes of case.
  return plainWord.test(word) && scrubText(value, limits.nameMax) === value ? word : ''
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
