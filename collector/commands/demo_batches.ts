// The pages of a visit → batches as the protocol wants them: times on one clock that began with the visit, at most 60
// events and 16 KB, and never two levels of consent in one batch.

import type { Batch, Event } from '../../contract/events.ts'
import { limits } from '../../contract/limits.ts'
import type { PurposeSet } from '../../contract/purposes.ts'
import type { PageShown } from './demo_page_events.ts'
import type { DemoPerson } from './demo_people.ts'
import type { Random } from './demo_random.ts'

/** One request: the batch, and the headers by which its visitor shows. */
export type DemoRequest = { readonly batch: Batch; readonly headers: Readonly<Record<string, string>> }

export type BatchContext = {
  readonly person: DemoPerson
  readonly startedAt: number
  /** When it is sent, Unix milliseconds: an event's age is `sent` − `at`. */
  readonly now: number
  readonly policy: number
  readonly receipts: ReadonlyMap<PurposeSet, string>
}

/** Room for what a batch holds beside pages and events. */
const envelopeBytes = 1200

export function makeBatches(
  random: Random,
  shown: readonly PageShown[],
  context: BatchContext,
): DemoRequest[] {
  const requests: DemoRequest[] = []
  let pages: PageShown[] = []
  const close = () => {
    if (pages.length > 0) requests.push(request(random, pages, context))
    pages = []
  }
  for (const page of shown) {
    if (pages.length > 0 && (pages[0]?.purposes !== page.purposes || !fits([...pages, page]))) close()
    pages.push(page)
  }
  close()
  return requests
}

function fits(pages: readonly PageShown[]): boolean {
  const events = pages.reduce((sum, page) => sum + page.events.length, 0)
  const bytes = Buffer.byteLength(JSON.stringify(pages)) + 30 * events
  return events <= limits.eventsMax && bytes + envelopeBytes <= limits.trackerBatchBytesMax
}

function request(random: Random, shown: readonly PageShown[], context: BatchContext): DemoRequest {
  const { person, startedAt, now } = context
  const { screen, viewport } = person.agent
  const purposes = shown[0]?.purposes ?? 0
  const language = purposes === 0 ? (person.language.split('-')[0] ?? '') : person.language
  const batch: Batch = {
    v: 1,
    site: 'demo',
    batch: random.id(16),
    sent: now - startedAt,
    consent: consent(purposes, context),
    ...(purposes !== 0 && person.visitor !== undefined && { visitor: person.visitor }),
    device: { screen, viewport, language },
    pages: shown.map(({ url }) => ({ id: random.id(8), url })),
    events: shown.flatMap(({ events }, page) =>
      events.map((event, seq) => ({ ...event, page, seq, at: event.at - startedAt }) as Event),
    ),
  }
  return { batch, headers: headers(person) }
}

function consent(purposes: PurposeSet, { person, policy, receipts }: BatchContext): Batch['consent'] {
  const receipt = receipts.get(purposes)
  if (purposes !== 0 && receipt !== undefined)
    return { level: 'granted', purposes, policy, signal: 'choice', receipt }
  return { level: 'exempt', purposes: 0, policy, signal: person.sendsGpc ? 'gpc' : 'default' }
}

function headers({ address, agent, language, sendsGpc, hasObjected }: DemoPerson): Record<string, string> {
  return {
    'User-Agent': agent.userAgent,
    'X-Forwarded-For': address,
    'Accept-Language': language,
    ...(sendsGpc && { 'Sec-GPC': '1' }),
    ...(hasObjected && { Cookie: 'lightfoot_off=1' }),
  }
}
