// What the validator says of a batch, as one text for tables of cases; JSON Schema must give the same verdict.

import { validateBatch } from '../../contract/validate.ts'
import { agreedVerdict } from './judge_batch.ts'

/** '' for a good batch, else `path: message`. */
export function faultOf(batch: unknown): string {
  agreedVerdict(batch)
  const verdict = validateBatch(batch)
  return verdict.ok ? '' : `${verdict.path}: ${verdict.message}`
}
