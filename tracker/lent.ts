// What the tracker lends to lightfoot.granted.js, which is built apart from it and has no state of the tracker.

import type { Draft } from './draft.ts'
import type { Loan } from './parts.ts'

export let granted: Loan['granted']
/** Of the page as it is when this is called. */
export let emit: (event: Draft) => void

export const borrow = (loan: Loan): void => {
  granted = loan.granted
  emit = loan.emit
}
