// lightfoot.granted.js: what only a grant opens, so that nobody loads it who gave none. The tracker tells it of clicks, and of the
// times at which it tells of its own signals (tracker/opened.ts).

import { startForms, tellForms } from './form.ts'
import { startFrustration } from './frustration.ts'
import { guard } from './guard.ts'
import { startHover, tellHovers } from './hover.ts'
import { borrow } from './lent.ts'
import type { Loan } from './parts.ts'
import { forgetViews, startViews } from './view.ts'

export { judge, openClick } from './frustration.ts'
// Its own copy: what it listens to and observes ends apart from the tracker's.
export { stopAll as stop } from './guard.ts'
export { view } from './view.ts'

export const start = (loan: Loan): void => {
  borrow(loan)
  for (const start of [startFrustration, startHover, startForms, startViews]) guard(start)()
}

export const tell = guard((isEnd: boolean | undefined): void => {
  tellHovers()
  if (!isEnd) return
  tellForms()
  forgetViews()
})
