// Permitted ▸ Anonymous: runs the steps over the batch, over each of its pages that an event speaks of, and over each
// event. The only place where an Anonymous is made.

import { emptyBatchCells, emptyPageCells } from '../cells.ts'
import { gateOf } from '../gate.ts'
import type { Anonymous, AnonymousEvent, Client, Lookups, Permitted } from '../stages.ts'
import type { Tally } from '../tally.ts'
import type { BatchStep, Context, PageDraft, PageStep } from './context.ts'
import { firstPartyVisitor } from './first_party_visitor.ts'
import { putMoment } from './put_moment.ts'
import { reduceEvent } from './reduce_event.ts'

export type AnonymiseSteps = {
  readonly batchSteps: readonly BatchStep[]
  readonly pageSteps: readonly PageStep[]
}

export function anonymise(
  permitted: Permitted,
  client: Client,
  lookups: Lookups,
  tally: Tally,
  { batchSteps, pageSteps }: AnonymiseSteps,
): Anonymous {
  const context: Context = { permitted, gate: gateOf(permitted), client, lookups, tally, day: undefined }
  const batch = { ...emptyBatchCells }
  for (const step of batchSteps) step(batch, context)
  const visitor = firstPartyVisitor(context)
  const pages: PageDraft[] = []
  const events: AnonymousEvent[] = []
  for (const event of permitted.events) {
    const page = pages[event.page] ?? startPage(event.page, pageSteps, context)
    pages[event.page] = page
    const moment = putMoment(event, page, visitor, context)
    events.push({ page: page.cells, moment, type: event.type, cells: reduceEvent(event, page, context) })
  }
  return { batch, events, subjectTag: visitor?.number ?? 0n } as unknown as Anonymous
}

function startPage(index: number, steps: readonly PageStep[], context: Context): PageDraft {
  const own = context.permitted.pages[index]
  const named = context.permitted.batch.pages[index]
  // The validator holds every index to a named page, and dropForeignUrls drops the events of one that is not own.
  if (own === undefined || named === undefined)
    throw new Error(`event of page ${index}, which is not permitted`)
  const page: PageDraft = {
    cells: { ...emptyPageCells },
    own,
    url: own.url,
    pageId: named.id,
    isSensitive: own.isSensitive,
    hash: undefined,
  }
  for (const step of steps) step(page, context)
  return page
}
