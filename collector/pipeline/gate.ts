// The collector's gate: which cell of the consent matrix holds for each field of a batch. It is made from the matrix and
// nothing else, so that a change of the matrix changes what is kept, and no step can have an opinion of its own.

import { type Field, matrix } from '../../contract/matrix.ts'
import { type PurposeSet, purposeBit } from '../../contract/purposes.ts'

/** `granted`: what a granted purpose adds may be kept; `exempt`: only the coarse cell; `nothing`: the field is left out. */
export type GateCell = 'granted' | 'exempt' | 'nothing'

export type Gate = Readonly<Record<Field, GateCell>>

/** What the gate is decided by; a `Permitted` batch is one. */
export type Claim = {
  readonly site: { readonly mode: 'strict' | 'exempt' }
  readonly level: 'exempt' | 'granted'
  readonly purposes: PurposeSet
}

/** Is the granted cell of this field open? A field without a purpose has one cell only, which is always open. */
export function allows(claim: Claim, field: Field): boolean {
  const { purpose } = matrix[field]
  if (purpose === null) return true
  return claim.level === 'granted' && (claim.purposes & purposeBit(purpose)) !== 0
}

/** A purpose that was not granted leaves the exempt cell in exempt mode, and nothing in strict mode. */
export function gateCell(claim: Claim, field: Field): GateCell {
  if (allows(claim, field)) return 'granted'
  if (claim.site.mode !== 'exempt' || matrix[field].exempt === 'nothing') return 'nothing'
  return 'exempt'
}

const fields = Object.keys(matrix) as Field[]

// A gate depends on mode, level and purposes only: 2 × 2 × 128 gates at most, each worked out once.
const gates = new Map<number, Gate>()

/** The cell of every field for one batch. */
export function gateOf(claim: Claim): Gate {
  const key =
    claim.purposes * 4 + (claim.site.mode === 'exempt' ? 2 : 0) + (claim.level === 'granted' ? 1 : 0)
  const known = gates.get(key)
  if (known !== undefined) return known
  const gate = Object.fromEntries(fields.map(field => [field, gateCell(claim, field)])) as Gate
  gates.set(key, gate)
  return gate
}
