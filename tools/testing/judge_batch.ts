// The verdict on a batch that does not come from the hand-written validator: the published JSON Schema, and the named
// cross-rules, each written once more as plainly as it can be.

import Ajv from 'ajv/dist/2020.js'
import { batchSchema } from '../../contract/batch_schema.ts'
import type { CrossRule } from '../../contract/cross_rules.ts'
import type { Batch } from '../../contract/events.ts'
import { purposesOf } from '../../contract/purposes.ts'
import { validateBatch } from '../../contract/validate.ts'

export type Judgement = 'valid' | 'not the schema' | CrossRule

const followsSchema = new Ajv.default({ strict: true, allowUnionTypes: true }).compile(batchSchema)

const holds: Readonly<Record<CrossRule, (batch: Batch) => boolean>> = {
  page_in_range: ({ events, pages }) => events.every(event => pages[event.page] !== undefined),
  pages_differ: ({ pages }) => new Set(pages.map(page => page.id)).size === pages.length,
  scroll_forwards: ({ events }) =>
    events.every(event => event.type !== 'engagement' || !event.scroll || event.scroll[0] <= event.scroll[1]),
  visitor_needs_identity: ({ visitor, consent }) =>
    visitor === undefined ||
    (consent.level === 'granted' && purposesOf(consent.purposes).includes('identity')),
}

function judgeBatch(batch: unknown): Judgement {
  if (!followsSchema(batch)) return 'not the schema'
  const broken = Object.entries(holds).find(([, rule]) => !rule(batch as Batch))
  return broken === undefined ? 'valid' : (broken[0] as CrossRule)
}

/** The verdict that the schema and the validator share; throws where they differ. */
export function agreedVerdict(batch: unknown): Judgement {
  const judgement = judgeBatch(batch)
  const verdict = validateBatch(batch)
  if (verdict.ok !== (judgement === 'valid')) {
    throw new Error(
      `schema and cross-rules say "${judgement}", the validator says ${JSON.stringify(verdict)}`,
    )
  }
  return judgement
}
